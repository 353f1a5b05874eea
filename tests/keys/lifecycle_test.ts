import { assertEquals } from "@std/assert";
import type { KeyRecord } from "../../keys/key_record.ts";
import { findKey, type KeyState, keyState, nextTransition } from "../../keys/lifecycle.ts";

function key(times: Partial<KeyRecord>): KeyRecord {
  return {
    kid: "k",
    publicKey: { kty: "OKP" },
    publishedAt: 0,
    notBefore: 100,
    retireAt: 200,
    removeAt: 300,
    compromisedAt: null,
    sealed: null,
    ...times,
  };
}

const table: [string, Partial<KeyRecord>, number, KeyState][] = [
  ["just before notBefore", {}, 99, "published"],
  ["at notBefore", {}, 100, "active"],
  ["just before retireAt", {}, 199, "active"],
  ["at retireAt", {}, 200, "retired"],
  ["just before removeAt", {}, 299, "retired"],
  ["at removeAt", {}, 300, "removed"],
  ["long after notBefore without a successor", { retireAt: null, removeAt: null }, 9e9, "active"],
  ["retired without a removeAt", { removeAt: null }, 9e9, "retired"],
  ["compromised while published", { compromisedAt: 50 }, 60, "compromised"],
  ["compromised while active", { compromisedAt: 150 }, 160, "compromised"],
  ["compromised, by a clock behind", { compromisedAt: 150 }, 140, "compromised"],
  ["compromised, after removeAt", { compromisedAt: 150 }, 400, "compromised"],
];

for (const [name, times, now, state] of table) {
  Deno.test(`keyState is ${state} when ${name}`, () => {
    assertEquals(keyState(key(times), now), state);
  });
}

Deno.test("findKey takes the earliest of several in a state", () => {
  const keys = [
    key({ kid: "late", notBefore: 500 }),
    key({ kid: "soon", notBefore: 400 }),
    key({ kid: "now" }),
  ];
  assertEquals(findKey(keys, { state: "published", now: 150 })?.kid, "soon");
  assertEquals(findKey(keys, { state: "retired", now: 150 }), undefined);
});

Deno.test("nextTransition is the next time at which any state changes", () => {
  const keys = [key({}), key({ notBefore: 200, retireAt: null, removeAt: null })];
  assertEquals([0, 100, 200, 300].map((now) => nextTransition(keys, now)), [
    100,
    200,
    300,
    Infinity,
  ]);
  assertEquals(nextTransition([key({ compromisedAt: 1 })], 0), Infinity);
});
