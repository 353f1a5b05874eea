import type { AdminClient } from "./admin_client.ts";
import type { AuditEventView } from "./admin_types.ts";
import { parseDuration } from "./duration.ts";
import { CliError } from "./errors.ts";

/** What `signet audit` looks for. */
export interface AuditQuery {
  readonly actor?: string;
  readonly action?: string;
  readonly workload?: string;
  readonly target?: string;
  /** A time, or how long ago. */
  readonly since?: string;
  readonly until?: string;
  /** Most events. */
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of the audit log. */
export interface AuditPageView {
  readonly events: readonly AuditEventView[];
  readonly next: string | null;
}

/** Reads until there are enough events: the issuer searches a part of its log per call. */
export async function readAudit(
  admin: AdminClient,
  { query, now }: { query: AuditQuery; now: number },
): Promise<AuditPageView> {
  const { limit, since, until, actor, action, workload, target } = query;
  const wanted = {
    ...{ actor, action, workload, target },
    ...{ since: moment("--since", since, now), until: moment("--until", until, now) },
  };
  const events: AuditEventView[] = [];
  let next: string | null = query.cursor ?? "";
  while (next !== null && events.length < limit) {
    const missing = limit - events.length;
    const query: string = queryText({ limit: missing, ...wanted, cursor: next || undefined });
    const { body }: { body: AuditPageView } = await admin.send({ path: `/audit?${query}` });
    events.push(...body.events);
    next = body.next ?? null;
  }
  return { events, next };
}

function queryText(parts: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(parts).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&");
}

/** `7d` is a time ago; whether there is such a day is for the issuer to judge. */
function moment(option: string, text: string | undefined, now: number): string | undefined {
  if (text === undefined || /^\d{4}-\d\d-\d\d/.test(text)) return text;
  if (/^[1-9]\d{0,4}[smhdwy]$/.test(text)) {
    return new Date(now - parseDuration(text) * 1000).toISOString();
  }
  throw new CliError("usage", `Cannot read ${option} ${text}: it is no time`, {
    next: "Write 7d (ago), 2026-01-31 or 2026-01-31T08:00:00Z.",
  });
}
