import { assertEquals, assertRejects } from "@std/assert";
import type { Kv, KvKey, KvListOptions, KvSelector } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";
import { denokvServer, lacksDenokv } from "../_support/denokv.ts";
import { kvConnect } from "../_support/kv_connect.ts";

// Fails to compile when a real Deno KV no longer fits the port.
const acceptsDenoKv: (kv: Deno.Kv) => Kv = (kv) => kv;

interface OpenStore {
  readonly kv: Kv;
  /** Ends what is below the KV, once that is closed. */
  readonly remove?: () => Promise<void>;
}

const stores: Record<string, () => Promise<OpenStore>> = {
  "memoryKv": () => Promise.resolve({ kv: memoryKv() }),
  "Deno.Kv in memory": async () => ({ kv: acceptsDenoKv(await Deno.openKv(":memory:")) }),
  "Deno.Kv on a file": async () => {
    const folder = await Deno.makeTempDir();
    const kv = await Deno.openKv(`${folder}/kv.sqlite`);
    return { kv, remove: () => Deno.remove(folder, { recursive: true }) };
  },
  "Deno.Kv over KV Connect": () => overNetwork(kvConnect()),
  "Deno.Kv on denokv": async () => overNetwork(await denokvServer()),
};

async function overNetwork(server: AsyncDisposable & { readonly url: string }): Promise<OpenStore> {
  const kv = await Deno.openKv(server.url);
  return { kv, remove: async () => await server[Symbol.asyncDispose]() };
}

function contract(title: string, run: (kv: Kv) => Promise<void>): void {
  for (const [name, open] of Object.entries(stores)) {
    Deno.test({
      name: `${name} ${title}`,
      ignore: name.endsWith("denokv") && lacksDenokv(),
      async fn() {
        const { kv, remove } = await open();
        try {
          await run(kv);
        } finally {
          kv.close();
          await remove?.();
        }
      },
    });
  }
}

async function names(kv: Kv, selector: KvSelector, options?: KvListOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of kv.list(selector, options)) found.push(key.join("/"));
  return found;
}

async function fill(kv: Kv, keys: readonly KvKey[]): Promise<void> {
  for (const key of keys) await kv.atomic().set(key, key.join("/")).commit();
}

async function store(kv: Kv, keys: readonly KvKey[]): Promise<void> {
  await reliableKv(kv).commit({ sets: keys.map((key) => ({ key, value: key.join("/") })) });
}

contract("answers null for a key that it does not hold", async (kv) => {
  assertEquals(await kv.get(["a"]), { key: ["a"], value: null, versionstamp: null });
});

contract("gives back an equal copy of what was set, bytes included", async (kv) => {
  const value = { text: "å", bytes: new Uint8Array([1, 2, 250]), nested: [{ n: 1.5, none: null }] };
  const operation = kv.atomic().set(["a", "b"], value);
  value.text = "changed after set";
  await operation.commit();
  const entry = await kv.get(["a", "b"]);
  assertEquals(entry.value, { ...value, text: "å" });
});

contract("gives entries of getMany in the order asked", async (kv) => {
  await fill(kv, [["a"], ["b"]]);
  const entries = await kv.getMany([["b"], ["none"], ["a"]]);
  assertEquals(entries.map(({ value }) => value), ["b", null, "a"]);
  await assertRejects(() => kv.getMany(Array.from({ length: 11 }, (_, i) => [`${i}`])), TypeError);
});

contract("commits nothing when one check fails", async (kv) => {
  await fill(kv, [["a"]]);
  const { versionstamp } = await kv.get(["a"]);
  const ok = await kv.atomic().check({ key: ["a"], versionstamp }).set(["a"], "2").commit();
  assertEquals(ok.ok, true);
  const stale = await kv.atomic().check({ key: ["a"], versionstamp }).set(["a"], "3")
    .delete(["a"]).commit();
  assertEquals(stale.ok, false);
  const taken = await kv.atomic().check({ key: ["a"], versionstamp: null }).set(["a"], "4")
    .commit();
  assertEquals(taken.ok, false);
  assertEquals((await kv.get(["a"])).value, "2");
});

contract("raises the versionstamp with every commit and shares it in one", async (kv) => {
  await kv.atomic().set(["a"], 1).set(["b"], 1).commit();
  const [a, b] = await kv.getMany([["a"], ["b"]]);
  assertEquals(a!.versionstamp, b!.versionstamp);
  await kv.atomic().set(["a"], 1).commit();
  assertEquals((await kv.get(["a"])).versionstamp! > a!.versionstamp!, true);
});

contract("forgets a deleted key", async (kv) => {
  await fill(kv, [["a"]]);
  await kv.atomic().delete(["a"]).delete(["never"]).commit();
  assertEquals((await kv.get(["a"])).versionstamp, null);
  assertEquals(await names(kv, { prefix: ["a"] }), []);
});

contract("lists what lies strictly below a prefix, in key order", async (kv) => {
  await fill(kv, [["p"], ["p", "b"], ["p", "a", "x"], ["p", "a"], ["pp", "a"], ["q"]]);
  assertEquals(await names(kv, { prefix: ["p"] }), ["p/a", "p/a/x", "p/b"]);
  assertEquals(await names(kv, { prefix: ["p"] }, { limit: 1 }), ["p/a"]);
  assertEquals(await names(kv, { prefix: ["p"] }, { limit: 2, reverse: true }), ["p/b", "p/a/x"]);
  assertEquals(await names(kv, { prefix: ["p"], start: ["p", "a", "x"] }), ["p/a/x", "p/b"]);
  assertEquals(await names(kv, { prefix: ["p"], end: ["p", "b"] }), ["p/a", "p/a/x"]);
  assertEquals(await names(kv, { start: ["p", "a", "x"], end: ["pp", "a"] }), ["p/a/x", "p/b"]);
});

contract("orders keys by the bytes of UTF-8", async (kv) => {
  await fill(kv, [["\u{1f600}"], ["\uff5e"], ["~"], ["ab"], ["a"], ["\u{1f600}a"], ["\u{1f601}"]]);
  const order = ["a", "ab", "~", "\uff5e", "\u{1f600}", "\u{1f600}a", "\u{1f601}"];
  assertEquals(await names(kv, { start: ["a"], end: ["\u{10ffff}"] }), order);
});

contract("refuses a value that cannot be cloned", async (kv) => {
  // Deno KV throws from set, so the call itself is inside.
  await assertRejects(async () => void await kv.atomic().set(["a"], () => {}).commit());
  assertEquals((await kv.get(["a"])).versionstamp, null);
});

contract(
  "refuses a key over 2 KiB and bytes over 64 KiB, and takes what is just below",
  async (kv) => {
    const set = (key: KvKey, value: unknown) => kv.atomic().set(key, value).commit();
    const longest = "é".repeat(1_021) + "ab";
    await set([longest, ""], new Uint8Array(65_536));
    assertEquals((await kv.get([longest, ""])).value, new Uint8Array(65_536));
    await assertRejects(async () => void await set([longest, "a"], 1), TypeError);
    await assertRejects(async () => void await kv.get([longest + "aa", ""]), TypeError);
    await assertRejects(async () => void await set(["\0".repeat(1_024)], 1), TypeError);
    await assertRejects(async () => void await set(["a"], new Uint8Array(65_537)), TypeError);
    assertEquals((await kv.get(["a"])).versionstamp, null);
  },
);

contract("behind reliableKv pages within both bounds", async (kv) => {
  await store(kv, [["p", "a"], ["p", "b"], ["p", "c"], ["p", "d"]]);
  const bounds = { prefix: ["p"], start: ["p", "b"], end: ["p", "d"] };
  const page = await reliableKv(kv).page(bounds, { limit: 10, reverse: true });
  assertEquals(page.map(({ value }) => value), ["p/c", "p/b"]);
});

contract("behind reliableKv reads more than ten keys", async (kv) => {
  const keys = Array.from({ length: 23 }, (_, i) => ["k", `${i}`]);
  await store(kv, keys);
  const entries = await reliableKv(kv).read(keys);
  assertEquals(entries.map(({ value }) => value), keys.map((key) => key.join("/")));
});

Deno.test("memoryKv drops an entry once its time has passed", async () => {
  let now = 0;
  const kv = memoryKv({ now: () => now });
  await kv.atomic().set(["a"], 1, { expireIn: 100 }).commit();
  now = 99;
  assertEquals((await kv.get(["a"])).value, 1);
  now = 100;
  assertEquals((await kv.get(["a"])).versionstamp, null);
  assertEquals((await kv.atomic().check({ key: ["a"], versionstamp: null }).commit()).ok, true);
});

Deno.test("memoryKv refuses work after close", async () => {
  const kv = memoryKv();
  kv.close();
  await assertRejects(() => kv.get(["a"]), TypeError, "closed");
  await assertRejects(() => kv.atomic().commit(), TypeError, "closed");
});
