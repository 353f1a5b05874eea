import { assertEquals, assertRejects } from "@std/assert";
import { createView } from "../../kv/view.ts";

function setUp() {
  const state = { now: 1_000_000, loads: 0, error: undefined as Error | undefined };
  const gates: (() => void)[] = [];
  let gated = false;
  const view = createView<string>({
    now: () => state.now,
    load: async () => {
      const value = `v${++state.loads}`;
      if (gated) await new Promise<void>((resolve) => gates.push(resolve));
      if (state.error) throw state.error;
      return value;
    },
  });
  const hold = () => gated = true;
  const release = () => {
    gated = false;
    gates.splice(0).forEach((open) => open());
  };
  return { view, state, hold, release };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("createView loads once for a thousand callers, hazard 2.12", async () => {
  const { view, state } = setUp();
  const values = await Promise.all(Array.from({ length: 1_000 }, () => view.get()));
  assertEquals(new Set(values), new Set(["v1"]));
  assertEquals(state.loads, 1);
});

Deno.test("createView answers synchronously while fresh", async () => {
  const { view, state } = setUp();
  await view.get();
  state.now += 29_999;
  assertEquals(view.get(), "v1");
  assertEquals(state.loads, 1);
});

Deno.test("createView renews in the background before callers must wait", async () => {
  const { view, state } = setUp();
  await view.get();
  state.now += 30_000;
  assertEquals(view.get(), "v1");
  assertEquals(view.get(), "v1");
  await settle();
  assertEquals(view.get(), "v2");
  assertEquals(state.loads, 2);
});

Deno.test("createView loads once more when the machine slept through a load, hazard 2.4", async () => {
  for (const isFirst of [true, false]) {
    const { view, state, hold, release } = setUp();
    if (!isFirst) await view.get();
    const loads = state.loads;
    state.now += 60_000;
    hold();
    const got = view.get();
    state.now += 86_400_000;
    release();
    assertEquals(await got, `v${loads + 2}`);
    assertEquals(view.get(), `v${loads + 2}`);
  }
});

Deno.test("createView counts the age of what was set from the time it is told", async () => {
  const { view, state } = setUp();
  view.set("written", state.now - 29_999);
  assertEquals(view.get(), "written");
  view.set("written", state.now - 60_000);
  assertEquals(await view.get(), "v1");
});

Deno.test("createView makes callers wait once the copy is too old", async () => {
  const { view, state } = setUp();
  await view.get();
  state.now += 60_000;
  const got = view.get();
  assertEquals(got instanceof Promise, true);
  assertEquals(await got, "v2");
});

Deno.test("createView serves the old copy while loading fails, then throws", async () => {
  const { view, state } = setUp();
  await view.get();
  state.error = new Error("down");
  state.now += 599_999;
  assertEquals(await view.get(), "v1");
  assertEquals(view.peek()?.failure, state.error);
  state.now += 1;
  await assertRejects(async () => await view.get(), Error, "down");
  state.error = undefined;
  state.now += 5_000;
  assertEquals(await view.get(), "v3");
  assertEquals(view.peek()?.failure, undefined);
});

Deno.test("createView leaves the store alone for a while after a failure", async () => {
  const { view, state } = setUp();
  await view.get();
  state.error = new Error("down");
  state.now += 60_000;
  await view.get();
  assertEquals(state.loads, 2);
  state.now += 4_999;
  assertEquals(view.get(), "v1");
  assertEquals(state.loads, 2);
  state.now += 1;
  await view.get();
  assertEquals(state.loads, 3);
});

Deno.test("createView without any copy passes the failure on and tries again later", async () => {
  const { view, state } = setUp();
  state.error = new Error("down");
  await assertRejects(async () => await view.get(), Error, "down");
  await assertRejects(async () => await view.get(), Error, "down");
  assertEquals(state.loads, 1);
  state.now += 5_000;
  state.error = undefined;
  assertEquals(await view.get(), "v2");
});

Deno.test("createView counts the age from the start of the load", async () => {
  const { view, state, hold, release } = setUp();
  hold();
  const first = view.get();
  state.now += 20_000;
  release();
  await first;
  assertEquals(view.peek()?.loadedAt, 1_000_000);
});

Deno.test("createView lets a written value win over a load under way", async () => {
  const { view, hold, release } = setUp();
  await view.get();
  hold();
  const reload = view.reload();
  view.set("written");
  release();
  assertEquals(await reload, "written");
  assertEquals(view.get(), "written");
});

Deno.test("createView renews when the clock goes back", async () => {
  const { view, state } = setUp();
  await view.get();
  state.now -= 7_200_000;
  assertEquals(await view.get(), "v2");
  state.error = new Error("down");
  state.now -= 7_200_000;
  assertEquals(await view.get(), "v2", "the old copy still serves");
  state.now += 540_000;
  await assertRejects(async () => await view.get(), Error, "down");
});
