import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { KvUnavailableError } from "../../kv/errors.ts";
import type { Kv } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv, type ReliableKvOptions } from "../../kv/reliable_kv.ts";
import { faultyKv } from "./faulty_kv.ts";

// Jitter takes no time; the deadline (the one long sleep) passes only when a test lets it.
function setUp(options: ReliableKvOptions = {}) {
  const { kv, faults, release } = faultyKv(memoryKv());
  const deadlines: (() => void)[] = [];
  const sleeps: number[] = [];
  const sleep = (ms: number) => {
    if (ms >= 1_000) return new Promise<void>((resolve) => deadlines.push(resolve));
    sleeps.push(ms);
    return Promise.resolve();
  };
  const passDeadline = () => deadlines.splice(0).forEach((resolve) => resolve());
  const store = reliableKv(kv, { sleep, random: () => 0.5, ...options });
  return { raw: kv, store, faults, release, passDeadline, sleeps };
}

const insert = (writeId: string) => ({
  checks: [{ key: ["a"], versionstamp: null }],
  sets: [{ key: ["a"], value: { writeId } }],
  witness: { key: ["a"], writeId },
});

Deno.test("reliableKv retries a locked file until the commit succeeds, threat 2.11", async () => {
  const { store, faults, sleeps } = setUp();
  faults.locked = 49;
  assertEquals(await store.commit(insert("w1")), true);
  assertEquals(sleeps.length, 49);
  assert(sleeps.every((ms) => ms >= 0 && ms <= 100), "the jitter is bounded");
});

Deno.test("reliableKv gives up on a file that stays locked", async () => {
  const { store, faults } = setUp();
  faults.locked = 1_000;
  const error = await assertRejects(() => store.read([["a"]]), KvUnavailableError, "locked");
  assertEquals(error.code, "kv_unavailable");
  assertEquals(faults.calls, 50);
});

Deno.test("reliableKv says that a commit is ours when only its reply was lost, hazard 2.2", async () => {
  const { store, faults } = setUp();
  faults.dropReply = 1;
  assertEquals(await store.commit(insert("w1")), true);
});

Deno.test("reliableKv says that a commit is ours when it failed after it was applied", async () => {
  const { store, faults } = setUp();
  faults.failAfterCommit = 1;
  assertEquals(await store.commit(insert("w1")), true);
});

Deno.test("reliableKv says that a commit lost when another wrote the witness", async () => {
  const { store } = setUp();
  assertEquals(await store.commit(insert("w1")), true);
  assertEquals(await store.commit(insert("w2")), false);
});

Deno.test("reliableKv reports a lost check as lost when there is no witness", async () => {
  const { store } = setUp();
  const change = { checks: [{ key: ["a"], versionstamp: null }], sets: [{ key: ["a"], value: 1 }] };
  assertEquals(await store.commit(change), true);
  assertEquals(await store.commit(change), false);
});

Deno.test("reliableKv ends a hanging call at the deadline", async () => {
  const { store, faults, passDeadline } = setUp();
  faults.hanging = true;
  const read = store.read([["a"]]);
  passDeadline();
  await assertRejects(() => read, KvUnavailableError, "no answer within 2000 ms");
});

Deno.test("reliableKv does not try again after its deadline", async () => {
  const { store, faults, passDeadline, release } = setUp();
  faults.hanging = true;
  const commit = store.commit(insert("w1"));
  passDeadline();
  await assertRejects(() => commit, KvUnavailableError);
  faults.hanging = false;
  faults.locked = 1;
  release();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(faults.calls, 1);
});

Deno.test("reliableKv with its own timers leaves none behind", async () => {
  // Deno's test sanitizer fails this test if a timer survives.
  const { kv, faults, release } = faultyKv(memoryKv());
  const store = reliableKv(kv, { deadlineMs: 10 });
  assertEquals((await store.read([["a"]])).length, 1);
  faults.hanging = true;
  await assertRejects(() => store.read([["a"]]), KvUnavailableError, "10 ms");
  release();
});

Deno.test("reliableKv does not pile up promises while the store hangs, hazard 2.10", async () => {
  let now = 0;
  const { store, faults, passDeadline, release } = setUp({ now: () => now });
  faults.hanging = true;
  for (let i = 0; i < 500; i++) {
    const read = store.read([["a"]]);
    passDeadline();
    await assertRejects(() => read, KvUnavailableError);
  }
  assertEquals(faults.calls, 33, "32 given up, and one probe");
  now = 10_000;
  const probe = store.read([["a"]]);
  passDeadline();
  await assertRejects(() => probe, KvUnavailableError);
  await assertRejects(() => store.read([["a"]]), KvUnavailableError, "too many");
  assertEquals(faults.calls, 34);

  faults.hanging = false;
  release();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals((await store.read([["a"]])).length, 1, "it works again once the calls settle");
});

Deno.test("reliableKv bounds the calls that are on their way at once", async () => {
  const { store, faults, release } = setUp({ maxPending: 8, now: () => 0, probeMs: 1_000 });
  faults.hanging = true;
  const reads = Array.from({ length: 20 }, () => store.read([["a"]]).then(() => 1, () => 0));
  faults.hanging = false;
  release();
  const answered = (await Promise.all(reads)).filter((ok) => ok === 1);
  assertEquals(answered.length, 9, "eight, and one probe");
});

Deno.test("reliableKv turns a store's failure into kv_unavailable with its cause", async () => {
  const { store, faults } = setUp();
  faults.error = new TypeError("disk I/O error");
  const error = await assertRejects(() => store.read([["a"]]), KvUnavailableError);
  assertEquals(error.cause, faults.error);
});

Deno.test("reliableKv leaves a caller's mistake as it is", async () => {
  const kv = await Deno.openKv(":memory:");
  try {
    const store = reliableKv(kv as Kv);
    const tooLarge = { sets: [{ key: ["a"], value: "x".repeat(70_000) }] };
    await assertRejects(() => store.commit(tooLarge), TypeError, "too large");
    const tooDeep: unknown[] = [];
    let inner = tooDeep;
    for (let i = 0; i < 50_000; i++) inner.push(inner = []);
    await assertRejects(() => store.commit({ sets: [{ key: ["a"], value: tooDeep }] }), RangeError);
    const notData = { sets: [{ key: ["a"], value: () => {} }] };
    const error = await assertRejects(() => store.commit(notData), Error);
    assertEquals(error instanceof KvUnavailableError, false);
  } finally {
    kv.close();
  }
});

Deno.test("reliableKv refuses more than ten checks, hazard 2.18", () => {
  const { store } = setUp();
  const checks = Array.from({ length: 11 }, (_, i) => ({ key: [`${i}`], versionstamp: null }));
  assertThrows(() => store.commit({ checks }), TypeError, "11 checks");
});

Deno.test("reliableKv refuses a witness that the commit does not write", () => {
  const { store } = setUp();
  const witness = { key: ["b"], writeId: "w" };
  assertThrows(() => store.commit({ sets: [{ key: ["a"], value: 1 }], witness }), TypeError);
});

Deno.test("reliableKv refuses bounds outside the prefix", () => {
  const { store } = setUp();
  assertThrows(() => store.page({ prefix: ["a"], start: ["b"] }, { limit: 1 }), TypeError);
});
