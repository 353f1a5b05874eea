import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { createAuditLog } from "../../issuer/audit.ts";
import type { StoredAuditEvent } from "../../issuer/audit_event.ts";
import type { AuditFilter } from "../../issuer/audit_filter.ts";
import {
  type AuditQuery,
  type AuditSource,
  maxSearched,
  readAuditPage,
} from "../../issuer/audit_page.ts";
import type { Kv } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { type ReliableKv, reliableKv } from "../../kv/reliable_kv.ts";
import { startIssuer } from "../_support/start_issuer.ts";

interface Written {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** Milliseconds after the event before. */
  readonly after: number;
}

const started = Date.UTC(2026, 0, 1);

/** A log with these events, and what it holds, oldest first. */
async function logWith(written: readonly Written[], store: Kv = memoryKv()) {
  let now = started, count = 0, reads = 0;
  const kv = reliableKv(store);
  const counted: ReliableKv = {
    ...kv,
    page: async (selector, options) => {
      const entries = await kv.page(selector, options);
      reads += entries.length;
      return entries;
    },
  };
  const log = createAuditLog({
    ...{ kv: counted, prefix: ["test"], now: () => now },
    randomBytes: (length) => new Uint8Array(length).fill(count++ % 256),
  });
  const events: StoredAuditEvent[] = [];
  for (const { after, ...event } of written) {
    now += after;
    const set = log.set(event);
    events.push(set.value);
    await kv.commit({ sets: [set] });
  }
  return { kv, log, events, reads: () => reads, forget: () => void (reads = 0) };
}

/** The filter as one would write it without a thought for speed. */
function isWanted(event: StoredAuditEvent, filter: AuditFilter): boolean {
  const fits = (pattern: string | undefined, text: string) => {
    if (pattern === undefined) return true;
    const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const source = escaped === "\\*" ? ".*" : escaped.replace(/^\\\*|\\\*$/g, ".*");
    return new RegExp(`^(?:${source})$`, "s").test(text);
  };
  const { since = -Infinity, until = Infinity } = filter;
  return fits(filter.actor, event.actor) && fits(filter.action, event.action) &&
    fits(filter.target, event.target) && event.at >= since && event.at < until;
}

async function readAll(
  kv: ReliableKv,
  query: Omit<AuditQuery & AuditSource, "prefix" | "cursor">,
): Promise<string[]> {
  const { limit } = query;
  const ids: string[] = [];
  let cursor: string | undefined, pages = 0;
  while (true) {
    const { events, next } = await readAuditPage(kv, {
      ...{ ...query, cursor, prefix: ["test", "audit"] },
    });
    assert(events.length <= limit);
    ids.push(...events.map(({ id }) => id));
    if (next === null) return ids;
    assert(next !== cursor && pages++ < 1000, "a page must go on");
    cursor = next;
  }
}

const actors = ["admin-token", "https://token.actions.githubusercontent.com repo:a/b", "*"];
const actions = ["workload.create", "workload.delete", "keys.rotate"];
const targets = ["workload:web", "workload:web-2", "keys", "key:abc"];
const written = fc.record({
  actor: fc.constantFrom(...actors),
  action: fc.constantFrom(...actions),
  target: fc.constantFrom(...targets),
  after: fc.integer({ min: 0, max: 3 }),
});
const pattern = (texts: readonly string[]) =>
  fc.option(
    fc.constantFrom(...texts, "*", "**", "", "*web*", "workload*", "*e", "keys", "w*b", "*.*"),
    { nil: undefined },
  );
const time = fc.option(fc.integer({ min: -2, max: 40 }).map((after) => started + after), {
  nil: undefined,
});
const filters = fc.record({
  actor: pattern(actors),
  action: pattern(actions),
  target: pattern(targets),
  since: time,
  until: time,
});

Deno.test("audit pages under any filter hold what a naive filter finds, each once, newest first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(written, { maxLength: 25 }),
      filters,
      fc.record({
        limit: fc.integer({ min: 1, max: 6 }),
        chunk: fc.integer({ min: 1, max: 7 }),
        most: fc.integer({ min: 1, max: 15 }),
      }),
      async (events, filter, sizes) => {
        const { kv, events: stored } = await logWith(events);
        const wanted = stored.filter((event) => isWanted(event, filter)).map(({ id }) => id);
        assertEquals(await readAll(kv, { ...sizes, filter }), wanted.reverse());
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("an audit cursor goes on where it was under another filter", async () => {
  const event = (target: string) => ({ actor: "a", action: "b", target, after: 1 });
  const { log } = await logWith(["one", "two", "one", "two", "one"].map(event));
  const first = await log.list({ limit: 1, filter: { target: "one" } });
  const second = await log.list({ limit: 9, cursor: first.next!, filter: { target: "two" } });
  assertEquals(second.events.map(({ target }) => target), ["two", "two"]);
  const rest = await log.list({ limit: 9, cursor: first.next! });
  assertEquals(rest.events.length, 4);
});

Deno.test("a rare audit filter reads a bounded part of the store and says where to go on", async () => {
  const many = maxSearched + 50;
  const events = Array.from({ length: many }, (_, index) => ({
    ...{ actor: "a", action: "b", after: 1 },
    target: index === 0 ? "rare" : "common",
  }));
  const { log, reads, forget } = await logWith(events);
  forget();
  const filter = { target: "rare" };
  const first = await log.list({ limit: 10, filter });
  assertEquals([first.events.length, reads()], [0, maxSearched]);
  assert(first.next !== null);
  assertEquals(first.searchedTo, started + many - maxSearched + 1);
  const second = await log.list({ limit: 10, cursor: first.next!, filter });
  assertEquals(second.events.map(({ target }) => target), ["rare"]);
  assertEquals([second.next, second.searchedTo], [null, undefined]);
  // Times are bounds of the key range: what lies outside is not even read.
  forget();
  await log.list({ limit: 10, filter: { since: started + many - 3 } });
  assertEquals(reads(), 4);
});

Deno.test("GET /admin/audit filters by who, what, which workload and when", async () => {
  await using issuer = startIssuer();
  const { admin, clock } = issuer;
  await issuer.register();
  clock.now += 60_000;
  const moment = new Date(clock.now).toISOString();
  await issuer.register({ id: "web-2", app: "web-2" });
  await admin("POST", "keys/rotate", {});
  const found = async (query: string) => {
    const answer = await admin("GET", `audit?${query}`);
    assertEquals(answer.status, 200, query);
    const { events } = await answer.json();
    return events.map((event: StoredAuditEvent) => `${event.action} ${event.target}`);
  };
  const made = ["credential.add workload:web", "workload.create workload:web"];
  assertEquals(await found("workload=web"), made);
  assertEquals(await found("target=workload%3Aweb"), made);
  assertEquals((await found("target=workload:*")).length, 4);
  assertEquals(await found("action=workload.*&actor=admin-token"), [
    "workload.create workload:web-2",
    "workload.create workload:web",
  ]);
  assertEquals(await found("actor=somebody"), []);
  assertEquals(await found(`until=${moment}`), made);
  assertEquals((await found(`since=${moment}`)).length, 3);
  assertEquals((await found("since=2026-01-01&until=2026-01-02&limit=2")).length, 2);
  assertEquals(await found("since=2026-01-02T00:00:00%2B01:00"), []);
  const start = await (await admin("GET", "audit?action=workload.*&limit=1")).json();
  assertEquals(await found(`action=workload.*&limit=1&cursor=${start.next}`), [
    "workload.create workload:web",
  ]);
});

Deno.test("GET /admin/audit refuses a filter that it does not know or cannot read", async () => {
  await using issuer = startIssuer();
  for (
    const [query, words] of [
      ["actr=me", "actor"],
      ["since=yesterday", "since must be a time"],
      ["until=2026-13-45", "until must be a time"],
      ["since=2026-01-31T08:00:00", "since must be a time"],
      ["since=2026-02-01&until=2026-01-01", "since must not be after until"],
      ["workload=web&target=keys", "not both"],
      ["workload=*", "workload's id"],
      ["cursor=../keys", "cursor"],
    ]
  ) {
    const answer = await issuer.admin("GET", `audit?${query}`);
    assertEquals(answer.status, 400, query);
    assertStringIncludes((await answer.json()).detail, words!);
  }
});
