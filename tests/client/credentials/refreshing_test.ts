import { assertEquals, assertRejects } from "@std/assert";
import { refreshing } from "../../../client/credentials/refreshing.ts";

const minute = 60_000;

function fixture(lifetimeMs: number) {
  const state = { now: 1_000_000, elapsed: 0, loads: 0, fail: false };
  const gates: (() => void)[] = [];
  const cache = refreshing(async () => {
    const serial = ++state.loads;
    await new Promise<void>((resolve) => gates.push(resolve));
    if (state.fail) throw new Error("down");
    return { value: serial, expiresAt: state.now + lifetimeMs };
  }, { now: () => state.now, elapsed: () => state.elapsed });
  const open = async () => {
    while (gates.length) gates.shift()!();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const first = async () => {
    const value = cache.get();
    value.catch(() => {});
    await open();
    return value;
  };
  return { state, cache, open, first };
}

Deno.test("refreshing loads once when many ask at once", async () => {
  const { state, cache, open } = fixture(60 * minute);
  const all = Promise.all([cache.get(), cache.get(), cache.get()]);
  await open();
  assertEquals(await all, [1, 1, 1]);
  assertEquals(state.loads, 1);
});

Deno.test("refreshing answers from memory until min(300 s, 20 %) before the end", async () => {
  for (
    const [lifetime, fresh] of [[60 * minute, 55 * minute], [10 * minute, 8 * minute]] as const
  ) {
    const { state, cache, first } = fixture(lifetime);
    await first();
    state.now += fresh - 1;
    assertEquals(await cache.get(), 1);
    assertEquals(state.loads, 1);
    state.now += 1;
    assertEquals(await cache.get(), 1, "the old value is served while the new one is on its way");
    assertEquals(state.loads, 2);
  }
});

Deno.test("refreshing gives the new value once a background refresh is done", async () => {
  const { state, cache, first, open } = fixture(60 * minute);
  await first();
  state.now += 56 * minute;
  await cache.get();
  await open();
  assertEquals(await cache.get(), 2);
});

Deno.test("refreshing serves the old value while valid when refreshes fail, and holds off between them", async () => {
  const { state, cache, first, open } = fixture(60 * minute);
  await first();
  state.fail = true;
  state.now += 56 * minute;
  assertEquals(await cache.get(), 1);
  await open();
  assertEquals(await cache.get(), 1);
  assertEquals(state.loads, 2, "not again within five seconds");
  state.now += 5_000;
  assertEquals(await cache.get(), 1);
  assertEquals(state.loads, 3);
  await open();
  // In the last minute callers wait for the new one, and get the old one when it fails.
  state.now += 3 * minute + 30_000;
  assertEquals(await first(), 1);
  state.now += minute;
  await assertRejects(first, Error, "down");
});

Deno.test("refreshing does not remember a failure", async () => {
  const { state, first } = fixture(60 * minute);
  state.fail = true;
  await assertRejects(first, Error, "down");
  state.fail = false;
  assertEquals(await first(), 2);
});

Deno.test("refreshing loads anew when the clock was set back", async () => {
  const { state, first } = fixture(60 * minute);
  await first();
  state.now -= 10 * minute;
  assertEquals(await first(), 2);
});

Deno.test("refreshing loads anew when the clock was set back while nobody asked", async () => {
  const { state, first } = fixture(60 * minute);
  await first();
  // Ten minutes back, within twenty.
  state.elapsed += 20 * minute;
  state.now += 10 * minute;
  assertEquals(await first(), 2);
  state.elapsed += 20 * minute;
  state.now += 20 * minute - 900;
  assertEquals(await first(), 2, "trimmed, not set");
});

Deno.test("refreshing ends only the wait of the caller who aborts", async () => {
  const { cache, open, state } = fixture(60 * minute);
  const stop = new AbortController();
  const aborted = cache.get(stop.signal);
  const other = cache.get();
  stop.abort(new Error("enough"));
  await assertRejects(() => aborted, Error, "enough");
  await open();
  assertEquals(await other, 1);
  assertEquals(state.loads, 1);
});

Deno.test("refreshing begins nothing for a caller who has aborted already, and leaves no rejection behind", async () => {
  const { cache, open, state } = fixture(60 * minute);
  state.fail = true;
  const stop = AbortSignal.abort(new Error("enough"));
  // A rejection that nobody handles would fail this test.
  await assertRejects(() => cache.get(stop), Error, "enough");
  await open();
  assertEquals(state.loads, 0);
});
