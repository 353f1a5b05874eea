import { assertEquals, assertThrows } from "@std/assert";
import { checkKeyPolicy, DEFAULT_KEY_POLICY } from "../../keys/key_policy.ts";
import { createKeyring } from "../../keys/keyring.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";

const ok = DEFAULT_KEY_POLICY;
const HOUR = 3_600_000;

Deno.test("checkKeyPolicy finds nothing in the defaults", () => {
  assertEquals(checkKeyPolicy(ok), []);
});

const refused: [string, Parameters<typeof checkKeyPolicy>, string[]][] = [
  ["lead below A + I + R + S", [{ ...ok, lead: 724_999 }], ["lead is 724999"]],
  ["lead 0", [{ ...ok, lead: 0 }], ["lead is 0", "jwksMaxAge is 600000"]],
  ["period below lead", [{ ...ok, period: ok.lead - 1 }], ["period is"]],
  ["tail below L + I + R + S + K", [{ ...ok, tail: 4_024_999 }], ["tail is 4024999"]],
  ["L above tail", [ok, { maxTokenLifetime: 26 * HOUR }], ["tail is"]],
  ["jwksMaxAge above lead", [{ ...ok, jwksMaxAge: 26 * HOUR }], ["lead is", "jwksMaxAge is"]],
  ["a fraction", [{ ...ok, period: 1.5 }], ["period must be"]],
  ["a negative or missing number", [{ ...ok, lead: -1, tail: NaN }], ["lead must", "tail must"]],
];

for (const [name, args, starts] of refused) {
  Deno.test(`checkKeyPolicy refuses ${name}`, () => {
    const reasons = checkKeyPolicy(...args);
    assertEquals(reasons.map((reason, i) => reason.slice(0, starts[i]?.length)), starts);
  });
}

Deno.test("checkKeyPolicy accepts the very limits", () => {
  assertEquals(checkKeyPolicy({ ...ok, lead: 725_000, period: 725_000, tail: 4_025_000 }), []);
});

Deno.test("createKeyring names every fault of its options at once", () => {
  const kv = reliableKv(memoryKv());
  const faulty = { issuer: "https://id.example.test", kv, keyEncryptionKeys: [] };
  const policy = { lead: 0, period: 0, tail: 0 };
  const error = assertThrows(
    () => createKeyring({ ...faulty, algorithms: ["RS256", "HS256" as never, "RS256"], policy }),
    TypeError,
  );
  for (const part of ["lead is 0", "tail is 0", "algorithms[1]", "RS256 twice"]) {
    assertEquals(error.message.includes(part), true, part);
  }
});
