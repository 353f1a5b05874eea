import { assert, assertEquals } from "@std/assert";
import { bootstrapKeyset, type Change, hastenSpare, revokeKey } from "../../keys/change_keyset.ts";
import { followPlan, introduceKeyset } from "../../keys/change_keyset.ts";
import { DEFAULT_KEY_POLICY as policy } from "../../keys/key_policy.ts";
import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import { keyState } from "../../keys/lifecycle.ts";
import { planRotation } from "../../keys/plan_rotation.ts";
import { DAY, HOUR, MINUTE } from "./support.ts";

const T = 1_800_000_000_000;
let made = 0;

function run(change: Change | null): KeyRecord[] {
  assert(change !== null);
  const sealed = { kekId: "kek", iv: "iv", ciphertext: "ciphertext" };
  const fresh = Array.from({ length: change!.keysNeeded }, () => ({
    kid: `k${made++}`,
    publicKey: { kty: "OKP" },
    sealed,
  }));
  return [...change!.apply(fresh)];
}

function keyset(keys: readonly KeyRecord[]): KeysetRecord {
  const meta = { issuer: "", alg: "EdDSA" as const, epoch: 1, writeId: "", lastSeenTime: T };
  return { version: 1, ...meta, keys };
}

const states = (keys: readonly KeyRecord[], now: number) => keys.map((key) => keyState(key, now));
const booted = () => {
  made = 0;
  return keyset(run(bootstrapKeyset({ now: T, policy })));
};

Deno.test("bootstrapKeyset makes a key that signs at once, and a spare with its lead", () => {
  const [first, spare] = booted().keys;
  assertEquals(states([first!, spare!], T), ["active", "published"]);
  assertEquals([first!.bootstrap, spare!.bootstrap], [true, undefined]);
  assertEquals(first!.retireAt, spare!.notBefore);
  assertEquals(first!.removeAt, spare!.notBefore + policy.tail);
  assertEquals(spare!.notBefore, first!.notBefore + policy.period);
  assertEquals([spare!.retireAt, spare!.removeAt], [null, null]);
});

Deno.test("bootstrapKeyset makes a key that signs on an isolate whose clock is behind", () => {
  assertEquals(keyState(booted().keys[0]!, T - policy.clockSkew), "active");
});

Deno.test("introduceKeyset makes a key that waits for its lead", () => {
  const [first] = run(introduceKeyset({ now: T, policy }));
  assertEquals([first!.publishedAt, first!.notBefore], [T, T + 25 * HOUR]);
});

Deno.test("hastenSpare brings the spare as far forward as relying parties can follow", () => {
  const before = booted();
  const kid = before.keys[1]!.kid;
  const [active, spare] = run(hastenSpare(before, { kid, now: T + HOUR, policy }));
  assertEquals(spare!.notBefore, T + 25 * HOUR);
  assertEquals([active!.retireAt, active!.removeAt], [T + 25 * HOUR, T + 50 * HOUR]);
  const late = run(hastenSpare(before, { kid, now: T + 2 * DAY, policy }));
  assertEquals(late[1]!.notBefore, T + 2 * DAY + 2 * MINUTE);
});

Deno.test("hastenSpare is done once, and never puts a spare off", () => {
  const before = booted();
  const kid = before.keys[1]!.kid;
  const hastened = keyset(run(hastenSpare(before, { kid, now: T + 2 * DAY, policy })));
  assertEquals(hastenSpare(hastened, { kid, now: T + 2 * DAY, policy }), null);
  assertEquals(hastenSpare(hastened, { kid, now: T + 2 * DAY + MINUTE, policy }), null);
  assertEquals(hastenSpare(hastened, { kid, now: T + 3 * DAY, policy }), null);
  assertEquals(hastenSpare(hastened, { kid: "unknown", now: T, policy }), null);
});

Deno.test("revokeKey replaces an active key by the spare, and the spare by a new one", () => {
  const before = booted();
  const now = T + DAY + 500;
  const keys = run(revokeKey(before, { kid: before.keys[0]!.kid, now, policy }));
  assertEquals(states(keys, now), ["compromised", "active", "published"]);
  const [tombstone, active, spare] = keys;
  assertEquals(tombstone!.sealed, null);
  assertEquals(tombstone!.compromisedAt, now);
  assertEquals([tombstone!.notBefore, tombstone!.retireAt], [
    before.keys[0]!.notBefore,
    T + DAY + 1_000,
  ], "the minting interval stays known");
  assertEquals([active!.kid, active!.emergency], [before.keys[1]!.kid, true]);
  assertEquals(keyState(active!, now - policy.clockSkew), "active");
  assertEquals(active!.retireAt, spare!.notBefore);
  assert(spare!.notBefore - spare!.publishedAt >= policy.lead);
});

Deno.test("revokeKey makes two keys when an active one has no spare", () => {
  const [active] = booted().keys;
  const alone = keyset([{ ...active!, retireAt: null, removeAt: null }]);
  const keys = run(revokeKey(alone, { kid: active!.kid, now: T, policy }));
  assertEquals(states(keys, T), ["compromised", "active", "published"]);
  assertEquals(keys[1]!.emergency, true);
});

Deno.test("revokeKey replaces a spare and lets the active key sign until the new one may", () => {
  const before = booted();
  const kid = before.keys[1]!.kid;
  const hastened = keyset(run(hastenSpare(before, { kid, now: T + 2 * DAY, policy })));
  const now = T + 2 * DAY + MINUTE;
  const keys = run(revokeKey(hastened, { kid, now, policy }));
  assertEquals(states(keys, now), ["active", "compromised", "published"]);
  const [active, , spare] = keys;
  assertEquals(active!.retireAt, spare!.notBefore);
  assertEquals(active!.removeAt, spare!.notBefore + policy.tail);
  assertEquals(spare!.notBefore, before.keys[0]!.notBefore + policy.period);
});

Deno.test("revokeKey of a spare never shortens what the active key was promised", () => {
  const before = booted();
  const shorter = { ...policy, period: policy.lead };
  const kid = before.keys[1]!.kid;
  const keys = run(revokeKey(before, { kid, now: T, policy: shorter }));
  assertEquals(keys[0]!.retireAt, before.keys[0]!.retireAt);
});

Deno.test("revokeKey replaces a just retired key also where clocks are behind", () => {
  const before = booted();
  const now = before.keys[0]!.retireAt! + policy.clockSkew - 1;
  const keys = run(revokeKey(before, { kid: before.keys[0]!.kid, now, policy }));
  assertEquals(states(keys, now), ["compromised", "active", "published"]);
  assertEquals(states(keys, now - policy.clockSkew)[1], "active");
});

Deno.test("revokeKey keeps one key active where a writer ahead published a second spare", () => {
  const before = booted();
  const [first, spare] = before.keys;
  const ahead = spare!.notBefore;
  const plan = planRotation(before, { now: ahead, policy });
  const two = keyset(run(followPlan(before, { plan, now: ahead, policy })));
  const now = ahead - 1;
  assertEquals(states(two.keys, now), ["active", "published", "published"]);
  for (const kid of [first!.kid, spare!.kid, two.keys[2]!.kid]) {
    const keys = run(revokeKey(two, { kid, now, policy }));
    for (let at = now; at < now + 30 * DAY; at += HOUR) {
      assertEquals(
        states(keys, at).filter((state) => state === "active").length,
        1,
        `${kid} ${at}`,
      );
    }
  }
});

Deno.test("revokeKey buries a retired key and leaves a spare", () => {
  const before = booted();
  const now = before.keys[0]!.retireAt! + policy.clockSkew;
  const { kid } = before.keys[0]!;
  const keys = run(revokeKey(before, { kid, now, policy }));
  assertEquals(states(keys, now), ["compromised", "active", "published"]);
  const plan = planRotation(before, { now, policy });
  const maintained = keyset(run(followPlan(before, { plan, now, policy })));
  const again = revokeKey(maintained, { kid, now, policy })!;
  assertEquals(again.keysNeeded, 0, "a spare that is there is kept");
  assertEquals(states(run(again), now), ["compromised", "active", "published"]);
});

Deno.test("revokeKey has nothing to do for a tombstone or an unknown key", () => {
  const before = booted();
  const kid = before.keys[0]!.kid;
  const buried = keyset(run(revokeKey(before, { kid, now: T, policy })));
  assertEquals(revokeKey(buried, { kid, now: T, policy }), null);
  assertEquals(revokeKey(buried, { kid: "unknown", now: T, policy }), null);
});

Deno.test("revokeKey keeps the record small however often it is used", () => {
  let record = booted();
  for (let i = 0; i < 200; i++) {
    const kid = record.keys.find((key) => keyState(key, T + i) === "active")!.kid;
    record = keyset(run(revokeKey(record, { kid, now: T + i, policy })));
  }
  assertEquals(record.keys.length, 52);
  assertEquals(states(record.keys, T + 200).slice(-2), ["active", "published"]);
});
