import { assertEquals } from "@std/assert";
import { kvConnect } from "../_support/kv_connect.ts";

Deno.test("kvConnect is a store to the real client: sets, checks, deletes, lists", async () => {
  await using server = kvConnect();
  const kv = await server.open();
  const first = await kv.atomic().check({ key: ["a", "1"], versionstamp: null })
    .set(["a", "1"], "one").set(["a", "2"], "two").set(["b"], "three").commit();
  assertEquals(first.ok, true);
  const again = await kv.atomic().check({ key: ["a", "1"], versionstamp: null }).set(["b"], 0)
    .commit();
  assertEquals(again.ok, false);
  assertEquals((await kv.get(["b"])).value, "three");
  const keys = async (options: { reverse?: boolean; limit?: number }) => {
    const entries = await Array.fromAsync(kv.list({ prefix: ["a"] }, options));
    return entries.map(({ key }) => key[1]);
  };
  assertEquals([await keys({}), await keys({ reverse: true, limit: 1 })], [["1", "2"], ["2"]]);
  await kv.atomic().delete(["a", "1"]).commit();
  assertEquals((await kv.getMany([["a", "1"], ["a", "2"]])).map(({ value }) => value), [
    null,
    "two",
  ]);
});

Deno.test("kvConnect lets the real client see a failed check for a commit whose reply was lost", async () => {
  await using server = kvConnect();
  const kv = await server.open();
  server.faults.dropCommitReplies = 1;
  const commit = await kv.atomic().check({ key: ["a"], versionstamp: null }).set(["a"], 1).commit();
  assertEquals([commit.ok, (await kv.get(["a"])).value], [false, 1]);
});

Deno.test("kvConnect gives a lagging client what was there at the last sync", async () => {
  await using server = kvConnect();
  const [kv, late] = [await server.open(), await server.open({ lagging: true })];
  await kv.atomic().set(["a"], 1).commit();
  server.sync();
  await kv.atomic().set(["a"], 2).commit();
  assertEquals([(await kv.get(["a"])).value, (await late.get(["a"])).value], [2, 1]);
});
