import { assert, assertEquals } from "@std/assert";
import { createChangeCache } from "../../issuer/workloads/change_cache.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";

const markerKey = ["changed"];

function setUp(max: number) {
  const clock = { now: 0 };
  const kv = reliableKv(memoryKv());
  const cache = createChangeCache({ kv, markerKey, now: () => clock.now, max });
  const loads: string[] = [];
  const get = (name: string) => cache.get(name, () => (loads.push(name), Promise.resolve(name)));
  return { clock, kv, cache, loads, get };
}

Deno.test("createChangeCache keeps a bounded number of values, whatever names are asked for", async () => {
  const { get, loads } = setUp(100);
  for (let index = 0; index < 1_000; index++) await get(`guess-${index}`);
  assertEquals(loads.length, 1_000);
  // The last hundred are there, the others are loaded anew.
  for (let index = 900; index < 1_000; index++) {
    assertEquals(get(`guess-${index}`), `guess-${index}`);
  }
  assertEquals(loads.length, 1_000);
  await get("guess-899");
  assertEquals(loads.length, 1_001);
});

Deno.test("createChangeCache loads once for a thousand callers, and again after a write elsewhere", async () => {
  const { clock, kv, get, loads } = setUp(100);
  assertEquals(new Set(await Promise.all(Array.from({ length: 1_000 }, () => get("web")))).size, 1);
  assertEquals(loads, ["web"]);
  await kv.commit({ sets: [{ key: markerKey, value: "another isolate wrote" }] });
  assertEquals(get("web"), "web");
  clock.now += 60_000;
  assertEquals(await get("web"), "web");
  assertEquals(loads, ["web", "web"]);
});

Deno.test("createChangeCache forgets a load that fails, and what this isolate wrote holds at once", async () => {
  const { cache, get, loads } = setUp(100);
  const failed = Promise.resolve(cache.get("web", () => Promise.reject(new Error("down"))));
  assert((await failed.catch((error) => error)) instanceof Error);
  assertEquals(await get("web"), "web");
  cache.set("web", "written here");
  assertEquals(get("web"), "written here");
  assertEquals(loads, ["web"]);
});
