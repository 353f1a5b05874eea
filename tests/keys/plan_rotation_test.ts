import { assertEquals } from "@std/assert";
import { DEFAULT_KEY_POLICY as policy } from "../../keys/key_policy.ts";
import type { KeyRecord } from "../../keys/key_record.ts";
import { isDue, planRotation } from "../../keys/plan_rotation.ts";
import { DAY, HOUR, SECOND } from "./support.ts";

const T = 1_800_000_000_000;

function key(kid: string, times: Partial<KeyRecord>): KeyRecord {
  return {
    kid,
    publicKey: { kty: "OKP" },
    publishedAt: T,
    notBefore: T,
    retireAt: null,
    removeAt: null,
    compromisedAt: null,
    sealed: { kekId: "kek", iv: "iv", ciphertext: "ciphertext" },
    ...times,
  };
}

const active = key("active", { retireAt: T + 7 * DAY, removeAt: T + 7 * DAY + 25 * HOUR });
const spare = key("spare", { notBefore: T + 7 * DAY });
const plan = (keys: KeyRecord[], now: number, sealingKeyId?: string) =>
  planRotation({ keys, lastSeenTime: T }, { now, policy, sealingKeyId });

Deno.test("planRotation finds nothing to do while a spare is published", () => {
  for (const now of [T, T + 7 * DAY - 1]) {
    const { nextAt, ...rest } = plan([active, spare], now);
    assertEquals(rest, { publish: null, remove: [], destroy: [], extend: [], reseal: [] });
    assertEquals(nextAt, T + 7 * DAY);
  }
});

Deno.test("planRotation publishes a spare once the last one has become active", () => {
  const now = T + 7 * DAY;
  assertEquals(plan([active, spare], now).publish, {
    publishedAt: now,
    notBefore: now + 7 * DAY,
  });
});

Deno.test("planRotation gives a late spare its whole lead", () => {
  const now = T + 30 * DAY + 1;
  const { publish } = plan([spare], now);
  assertEquals(publish, {
    publishedAt: T + 30 * DAY + 1,
    notBefore: T + 30 * DAY + 25 * HOUR + SECOND,
  });
});

Deno.test("planRotation publishes a first key with lead when none is active", () => {
  const { publish } = plan([key("dead", { compromisedAt: T, sealed: null })], T);
  assertEquals(publish, { publishedAt: T, notBefore: T + 25 * HOUR });
});

Deno.test("planRotation destroys a private half only when no isolate signs with it", () => {
  const at = T + 7 * DAY + policy.viewAge + policy.clockSkew;
  assertEquals(plan([active, spare], at - 1).destroy, []);
  assertEquals(plan([active, spare], at - 1).nextAt, at);
  assertEquals(plan([active, spare], at).destroy, ["active"]);
  assertEquals(plan([{ ...active, sealed: null }, spare], at).destroy, []);
});

Deno.test("planRotation removes a key at the end of its tail", () => {
  const at = T + 7 * DAY + 25 * HOUR;
  assertEquals(plan([active, spare], at - 1).remove, []);
  assertEquals(plan([active, spare], at).remove, ["active"]);
});

Deno.test("planRotation never removes or destroys an active, published or compromised key", () => {
  const dead = key("dead", { compromisedAt: T, removeAt: T + 1, sealed: null });
  const { remove, destroy } = plan([key("alone", {}), dead], T + 900 * DAY);
  assertEquals([remove, destroy], [[], []]);
});

Deno.test("planRotation reseals what another key-encryption key sealed", () => {
  const destroyed = key("destroyed", { retireAt: T, removeAt: T + DAY, sealed: null });
  const { reseal, ...rest } = plan([destroyed, active, spare], T, "new");
  assertEquals(reseal, ["active", "spare"]);
  assertEquals(isDue({ ...rest, reseal }), false);
  assertEquals(plan([active, spare], T, "kek").reseal, []);
  assertEquals(plan([active, spare], T).reseal, []);
});

Deno.test("planRotation never decides by a time before the last writer's", () => {
  const at = T + 7 * DAY;
  const late = planRotation({ keys: [active, spare], lastSeenTime: at }, { now: at - 1, policy });
  assertEquals(late.publish?.publishedAt, at);
});

Deno.test("planRotation extends what was promised under a shorter tail or lead", () => {
  const longer = { ...policy, tail: policy.tail + HOUR };
  const at = (now: number, policy: typeof longer) =>
    planRotation({ keys: [active, spare], lastSeenTime: T }, { now, policy });
  assertEquals(at(T, longer).extend, ["active"]);
  assertEquals(isDue(at(T, longer)), true);
  assertEquals(
    at(T + 7 * DAY, longer).extend,
    [],
    "what has retired signs nothing that lasts longer",
  );

  const leading = { ...policy, lead: 8 * DAY, period: 8 * DAY };
  const heard = policy.viewAge + policy.clockSkew;
  assertEquals(at(T + 7 * DAY - heard, leading).extend, ["spare"]);
  assertEquals(at(T + 7 * DAY - heard + 1, leading).extend, [], "not every isolate would hear");
});
