import type { KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import type { StoredAuditEvent } from "./audit_event.ts";
import { type AuditFilter, meetsFilter } from "./audit_filter.ts";

/** Which part of the log is wanted. */
export interface AuditQuery {
  readonly limit: number;
  /** Id of an event: only what is older. Good under any filter. */
  readonly cursor?: string;
  readonly filter?: AuditFilter;
}

/** One page of the log, newest first. */
export interface AuditPage {
  readonly events: readonly StoredAuditEvent[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
  /** Where the search stopped before the page was full: the time of the last event looked at. */
  readonly searchedTo?: number;
}

/** Most events that one call looks at, so that a rare filter cannot read the whole store at once. */
export const maxSearched = 1000;

/** How many events are read at once. */
const chunkSize = 200;

/** The first part of an event's id: ids sort by time. */
export function timeOrder(at: number): string {
  return at.toString(36).padStart(9, "0");
}

/** Where the log is, and how it is read; the last two for tests. */
export interface AuditSource {
  readonly prefix: KvKey;
  readonly chunk?: number;
  readonly most?: number;
}

/** Reads a page; under a filter it looks at {@linkcode maxSearched} events at most. */
export async function readAuditPage(
  kv: ReliableKv,
  query: AuditQuery & AuditSource,
): Promise<AuditPage> {
  const { prefix, limit, cursor, filter, chunk = chunkSize, most = maxSearched } = query;
  const first = filter?.since === undefined ? undefined : timeOrder(filter.since);
  const start = first === undefined ? undefined : [...prefix, first];
  const events: StoredAuditEvent[] = [];
  let end = earlier(cursor, filter?.until), searched = 0;
  while (true) {
    // Deno KV refuses a range that ends before it starts.
    if (first !== undefined && end !== undefined && end <= first) return { events, next: null };
    const size = filter ? Math.min(chunk, most - searched) : limit + 1;
    const range = { prefix, start, end: end === undefined ? undefined : [...prefix, end] };
    const entries = await kv.page(range, { limit: size, reverse: true });
    for (const { value } of entries) {
      const event = value as StoredAuditEvent;
      end = event.id;
      if (filter && !meetsFilter(event, filter)) continue;
      if (events.length === limit) return { events, next: events.at(-1)!.id };
      events.push(event);
    }
    searched += entries.length;
    if (entries.length < size) return { events, next: null };
    if (searched < most) continue;
    const { at } = entries.at(-1)!.value as StoredAuditEvent;
    return { events, next: end!, searchedTo: at };
  }
}

function earlier(cursor: string | undefined, until: number | undefined): string | undefined {
  const bound = until === undefined ? undefined : timeOrder(until);
  if (cursor === undefined || bound === undefined) return cursor ?? bound;
  return cursor < bound ? cursor : bound;
}
