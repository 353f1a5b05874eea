import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeValue, encodeValue } from "../../kv/encode_value.ts";
import { KvValueError } from "../../kv/errors.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";
import { faultyKv } from "./faulty_kv.ts";

Deno.test("decodeValue gives back what encodeValue was given", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = encodeValue(value);
      // JSON has one zero.
      assertEquals(decodeValue(["k"], bytes), JSON.parse(JSON.stringify(value)));
      assert(bytes instanceof Uint8Array);
    }),
  );
});

const inexpressible: [string, unknown][] = [
  ["undefined", undefined],
  ["a function", { a: () => {} }],
  ["a symbol", Symbol("s")],
  ["a bigint", 1n],
  ["not a number", [NaN]],
  ["infinity", { at: Infinity }],
  ["bytes", { sealed: new Uint8Array(2) }],
  ["a map", new Map()],
  ["a set", { set: new Set() }],
];

for (const [name, value] of inexpressible) {
  Deno.test(`encodeValue refuses ${name} instead of changing it`, () => {
    assertThrows(() => encodeValue(value), TypeError);
  });
}

const foreign: [string, unknown][] = [
  ["an object of the engine's own form", { version: 1 }],
  ["text", "{}"],
  ["bytes that are not JSON", new TextEncoder().encode("{secret")],
  ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
  ["no bytes", new Uint8Array()],
];

for (const [name, value] of foreign) {
  Deno.test(`reliableKv refuses ${name} by a code and does not repeat it`, async () => {
    const kv = memoryKv();
    await kv.atomic().set(["p", "foreign"], value).commit();
    const store = reliableKv(kv);
    const witness = { key: ["p", "foreign"], writeId: "w" };
    const attempts = [
      () => store.read([["p", "other"], ["p", "foreign"]]),
      () => store.page({ prefix: ["p"] }, { limit: 1 }),
      () =>
        store.commit({
          checks: [{ key: ["p", "foreign"], versionstamp: null }],
          sets: [{ key: ["p", "foreign"], value: { writeId: "w" } }],
          witness,
        }),
    ];
    for (const attempt of attempts) {
      const error = await assertRejects(attempt, KvValueError, '["p","foreign"]');
      assertEquals([error.code, error.cause], ["kv_value_unreadable", undefined]);
      assert(!error.message.includes("secret"));
    }
  });
}

Deno.test("reliableKv refuses by the same code what the engine cannot read", async () => {
  const { kv, faults } = faultyKv(memoryKv());
  faults.error = new RangeError("could not deserialize value");
  const error = await assertRejects(() => reliableKv(kv).read([["a"]]), KvValueError, "newer");
  assertEquals(error.code, "kv_value_unreadable");
});

Deno.test("reliableKv takes the value as it is when commit is called", async () => {
  const store = reliableKv(memoryKv());
  const value = { state: "before" };
  const commit = store.commit({ sets: [{ key: ["a"], value }] });
  value.state = "after";
  assertEquals(await commit, true);
  assertEquals((await store.read([["a"]]))[0]!.value, { state: "before" });
});
