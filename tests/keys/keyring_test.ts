import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeBase64Url } from "@std/encoding/base64url";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { Algorithm } from "../../keys/algorithm.ts";
import { KeyringError } from "../../keys/errors.ts";
import { generateKey } from "../../keys/generate_key.ts";
import type { Keyring } from "../../keys/keyring.ts";
import { signJwt } from "../../keys/sign_jwt.ts";
import { KvUnavailableError } from "../../kv/errors.ts";
import { storedText, storedValue, storeValue } from "../_support/stored_value.ts";
import { DAY, HOUR, ISSUER, KEK_A, KEK_B, MINUTE, SECOND, settle, setUp } from "./support.ts";

async function assertVerifies(signer: Keyring, verifier: Keyring, alg: Algorithm = "EdDSA") {
  const jwt = await signJwt(await signer.signingKey(alg), { iss: ISSUER });
  const keys = (await verifier.view()).jwks.map((jwk) => ({ ...jwk }));
  const { protectedHeader } = await jwtVerify(jwt, createLocalJWKSet({ keys }));
  return protectedHeader.kid!;
}

const states = async (keyring: Keyring) => (await keyring.view()).keys.map(({ state }) => state);

async function code(action: () => unknown): Promise<string> {
  const error = await assertRejects(async () => await action(), KeyringError);
  return error.code;
}

Deno.test("createKeyring on a first boot signs at once and has a spare", async () => {
  const { isolate, events, record } = setUp();
  await using keyring = isolate();
  await keyring.start();
  await assertVerifies(keyring, keyring);
  const { keys, jwks, epochs } = await keyring.view();
  assertEquals(keys.map(({ state, bootstrap }) => [state, bootstrap]), [
    ["active", true],
    ["published", false],
  ]);
  assertEquals(jwks.map(({ kid }) => kid), keys.map(({ kid }) => kid));
  assertEquals(epochs, { EdDSA: 1 });
  assertEquals(events, [{ type: "bootstrapped", alg: "EdDSA", epoch: 1 }]);
  assertEquals((await record()).issuer, ISSUER);
});

Deno.test("createKeyring starts without a call to start", async () => {
  const { isolate } = setUp();
  await using keyring = isolate();
  await assertVerifies(keyring, keyring);
});

Deno.test("createKeyring on a second boot uses the same keys", async () => {
  const { isolate, events } = setUp();
  await using first = isolate();
  await using second = isolate({ initialized: true });
  await first.start();
  await second.start();
  assertEquals((await first.view()).jwks, (await second.view()).jwks);
  await assertVerifies(first, second);
  assertEquals(events.length, 1);
});

Deno.test("createKeyring makes one keyset when isolates race on a first boot, hazard 2.5", async () => {
  const { isolate, record } = setUp({ algorithms: ["EdDSA", "ES256"] });
  const isolates = Array.from({ length: 8 }, () => isolate());
  await Promise.all(isolates.map((keyring) => keyring.start()));
  const views = await Promise.all(isolates.map((keyring) => keyring.view()));
  for (const { jwks } of views) assertEquals(jwks, views[0]!.jwks);
  assertEquals([(await record()).epoch, (await record("ES256")).epoch], [1, 1]);
  for (const keyring of isolates) {
    await assertVerifies(keyring, isolates[0]!, "ES256");
    await keyring[Symbol.asyncDispose]();
  }
});

Deno.test("createKeyring of an initialized issuer never starts on an empty store", async () => {
  const { isolate, record } = setUp({ initialized: true });
  await using keyring = isolate();
  assertEquals(await code(() => keyring.start()), "keyset_missing");
  assertEquals(await code(() => keyring.signingKey("EdDSA")), "keyset_missing");
  assertEquals(await record(), null);
});

Deno.test("createKeyring never replaces a keyset that disappears while it runs", async () => {
  const { isolate, raw, record, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  await raw.atomic().delete(["keyset", "EdDSA"]).commit();
  assertEquals(await code(() => keyring.rotate({ emergency: true })), "keyset_missing");
  clock.advance(MINUTE);
  await assertVerifies(keyring, keyring);
  assertEquals((await keyring.view()).problem?.code, "keyset_missing");
  clock.advance(10 * MINUTE);
  assertEquals(await code(() => keyring.signingKey("EdDSA")), "keys_stale");
  assertEquals(await record(), null);
});

Deno.test("createKeyring gives an algorithm added later its lead", async () => {
  const { isolate, clock } = setUp();
  await using before = isolate();
  await before.start();
  await using after = isolate({ algorithms: ["ES256", "EdDSA"] });
  await after.start();
  assertEquals(await code(() => after.signingKey("ES256")), "key_not_yet_active");
  const activeAt = (await after.view()).keys.find(({ alg }) => alg === "ES256")!.notBefore;
  const message = new Date(activeAt).toISOString();
  await assertRejects(async () => await after.signingKey("ES256"), KeyringError, message);
  await assertVerifies(after, before, "EdDSA");

  clock.ms = activeAt - 1;
  assertEquals(await code(() => after.signingKey("ES256")), "key_not_yet_active");
  clock.ms = activeAt;
  await assertVerifies(after, before, "ES256");
  await after.maintain();
  assertEquals((await after.view()).jwks.map(({ alg }) => alg), [
    "ES256",
    "EdDSA",
    "ES256",
    "EdDSA",
  ]);
});

Deno.test("createKeyring refuses an algorithm that is not configured", async () => {
  const { isolate } = setUp();
  await using keyring = isolate();
  await keyring.start();
  assertEquals(await code(() => keyring.signingKey("RS256")), "algorithm_not_configured");
  assertEquals(await code(() => keyring.rotate({ alg: "RS256" })), "algorithm_not_configured");
});

const broken: [string, (record: Record<string, unknown>) => unknown, string][] = [
  [
    "of another issuer",
    (record) => ({ ...record, issuer: `${ISSUER}/` }),
    "keyset_issuer_mismatch",
  ],
  ["of a later version", (record) => ({ ...record, version: 2 }), "keyset_version_unknown"],
  ["without keys", (record) => ({ ...record, keys: [] }), "keyset_invalid"],
  ["of another algorithm", (record) => ({ ...record, alg: "RS256" }), "keyset_invalid"],
  ["that is no object", () => "keys", "keyset_invalid"],
  ["with a key without times", (record) => ({ ...record, keys: [{ kid: "k" }] }), "keyset_invalid"],
];

for (const [name, change, expected] of broken) {
  Deno.test(`createKeyring refuses a keyset ${name} and never rewrites it`, async () => {
    const { isolate, raw, record } = setUp();
    await using first = isolate();
    await first.start();
    const value = change({ ...await record() });
    await storeValue(raw, { key: ["keyset", "EdDSA"], value });
    await using second = isolate();
    assertEquals(await code(() => second.start()), expected);
    assertEquals(await code(() => second.maintain()), expected);
    assertEquals(await code(() => second.rotate()), expected);
    assertEquals(await record() as unknown, value);
  });
}

Deno.test("createKeyring refuses an older epoch than it has seen, threat 63", async () => {
  const { isolate, raw, record, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const backup = await record();
  await keyring.rotate({ emergency: true });
  const kid = await assertVerifies(keyring, keyring);
  await storeValue(raw, { key: ["keyset", "EdDSA"], value: backup });
  clock.advance(MINUTE);
  assertEquals(await assertVerifies(keyring, keyring), kid, "the newer copy goes on");
  assertEquals((await keyring.view()).problem?.code, "keyset_epoch_regressed");
  assertEquals(await code(() => keyring.maintain()), "keyset_epoch_regressed");
  clock.advance(10 * MINUTE);
  assertEquals(await code(() => keyring.signingKey("EdDSA")), "keys_stale");
});

Deno.test("createKeyring refuses another history of the same epoch, threat 63", async () => {
  const { isolate, raw, record } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const value = { ...await record(), writeId: "other" };
  await storeValue(raw, { key: ["keyset", "EdDSA"], value });
  assertEquals(await code(() => keyring.maintain()), "keyset_epoch_regressed");
});

Deno.test("createKeyring refuses a backup from before a marked epoch, threat 64", async () => {
  const { isolate } = setUp();
  await using first = isolate();
  await first.start();
  await using second = isolate({ minimumEpochs: { EdDSA: 2 } });
  assertEquals(await code(() => second.start()), "keyset_epoch_regressed");
  await first.rotate({ emergency: true });
  await using third = isolate({ minimumEpochs: { EdDSA: 2 } });
  await third.start();
});

Deno.test("createKeyring with a wrong key-encryption key stops and makes no keyset", async () => {
  const { isolate, record } = setUp();
  await using first = isolate();
  await first.start();
  const before = await record();
  for (const keyEncryptionKeys of [[KEK_B], []]) {
    await using second = isolate({ keyEncryptionKeys });
    const error = await assertRejects(() => second.start(), KeyringError);
    assertEquals(error.code, "key_unseal_failed");
    assert(error.message.includes("SIGNET_KEY_ENCRYPTION_KEY"));
    assertEquals(await code(() => second.signingKey("EdDSA")), "key_unseal_failed");
  }
  assertEquals(await record(), before);
});

Deno.test("createKeyring with real keys refuses what the development key sealed", async () => {
  const { isolate } = setUp();
  await using first = isolate({ keyEncryptionKeys: [] });
  await first.start();
  await using second = isolate();
  await assertRejects(() => second.start(), KeyringError, "public development key");
});

Deno.test("createKeyring reseals under a new first key-encryption key, and then the old can go", async () => {
  const { isolate, record } = setUp();
  await using first = isolate();
  await first.start();
  await using both = isolate({ keyEncryptionKeys: [KEK_B, KEK_A] });
  await both.start();
  const old = (await record()).keys[0]!.sealed!.kekId;
  assertEquals(await both.maintain(), true);
  assertEquals(await both.maintain(), false);
  const { keys, epoch } = await record();
  assertEquals(keys.some(({ sealed }) => sealed?.kekId === old), false);
  assertEquals(epoch, 2);
  await using second = isolate({ keyEncryptionKeys: [KEK_B] });
  await second.start();
  await assertVerifies(second, first);
});

Deno.test("createKeyring does not reseal by itself, or two releases would undo each other", async () => {
  const { isolate, record, clock } = setUp();
  await using first = isolate();
  await first.start();
  await using second = isolate({ keyEncryptionKeys: [KEK_B, KEK_A] });
  await second.start();
  clock.advance(MINUTE);
  await second.signingKey("EdDSA");
  await settle();
  assertEquals((await record()).epoch, 1);
});

Deno.test("createKeyring recovers from a lost key-encryption key by two emergencies", async () => {
  const { isolate } = setUp();
  await using first = isolate();
  await first.start();
  await using second = isolate({ keyEncryptionKeys: [KEK_B] });
  assertEquals(await code(() => second.start()), "key_unseal_failed");
  await second.rotate({ emergency: true });
  await second.rotate({ emergency: true });
  await assertVerifies(second, second);
});

Deno.test("createKeyring keeps keys for a longer tail and lead from when they are configured", async () => {
  const { isolate, record, clock } = setUp();
  await using first = isolate({ policy: { lead: HOUR, period: 3 * HOUR, tail: 2 * HOUR } });
  await first.start();
  const policy = { lead: 5 * HOUR, period: 5 * HOUR, tail: 9 * HOUR };
  await using second = isolate({ policy });
  await second.start();
  await settle();
  const { keys: [active, spare], epoch } = await record();
  assertEquals(spare!.notBefore - spare!.publishedAt >= policy.lead, true);
  assertEquals(active!.retireAt, spare!.notBefore);
  assertEquals(active!.removeAt, spare!.notBefore + policy.tail);
  clock.advance(MINUTE);
  for (const keyring of [first, second]) await keyring.signingKey("EdDSA");
  await settle();
  assertEquals((await record()).epoch, epoch, "neither release undoes the other's");
});

Deno.test("createKeyring leaves no private material in the store, threat 58", async () => {
  const made: Uint8Array[] = [];
  const { isolate, raw } = setUp({
    algorithms: ["RS256", "ES256", "EdDSA"],
    generateKey: async (alg) => {
      const key = await generateKey(alg);
      made.push(key.privateKey);
      return key;
    },
  });
  await using keyring = isolate();
  await keyring.start();
  await keyring.rotate({ emergency: true, alg: "EdDSA" });
  const text = await storedText(raw);
  const latin1 = (bytes: Uint8Array) => Array.from(bytes, (b) => String.fromCharCode(b)).join("");
  const strings = text.match(/"[\w-]+"/g)!.map((found) => found.slice(1, -1));
  const bytes = strings.filter((found) => found.length % 4 !== 1)
    .map((found) => latin1(decodeBase64Url(found))).join();
  assertEquals(made.length, 7);
  for (const pkcs8 of made) {
    // Any 16 bytes of the secret would do; the head of a PKCS #8 is the same for every key.
    assertEquals(bytes.includes(latin1(pkcs8.slice(-16))), false);
  }
  for (const member of ["d", "p", "q", "dp", "dq", "qi", "k"]) {
    assertEquals(text.includes(`"${member}":`), false, member);
  }
  const published = (await keyring.view()).jwks.find(({ n }) => n !== undefined)!.n!;
  assert(bytes.includes(latin1(decodeBase64Url(published))), "the search looks at the records");
});

Deno.test("createKeyring reads the store once for many callers, hazard 2.12", async () => {
  const { isolate, faults, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  clock.advance(MINUTE);
  faults.calls = 0;
  await Promise.all(Array.from({ length: 1_000 }, async () => await keyring.signingKey("EdDSA")));
  assertEquals(faults.calls, 1);
  const key = keyring.signingKey("EdDSA");
  assertEquals(key instanceof Promise, false, "fresh keys are there at once");
});

Deno.test("createKeyring signs through an outage for ten minutes, hazards 2.4 and 2.10", async () => {
  const { isolate, faults, clock, release, events } = setUp();
  await using keyring = isolate();
  await keyring.start();
  faults.hanging = true;
  clock.advance(10 * MINUTE - 1);
  await assertVerifies(keyring, keyring);
  assertEquals((await keyring.view()).problem?.code, "kv_unavailable");
  clock.advance(1);
  assertEquals(await code(() => keyring.signingKey("EdDSA")), "keys_stale");
  const { jwks, problem } = await keyring.view();
  assertEquals([jwks.length, problem?.code], [2, "kv_unavailable"]);
  assert(events.some(({ type }) => type === "load_failed"));

  clock.advance(25 * HOUR);
  await assertRejects(async () => await keyring.view(), KvUnavailableError);
  faults.hanging = false;
  release();
  clock.advance(10 * SECOND);
  await assertVerifies(keyring, keyring);
  assertEquals((await keyring.view()).problem, undefined);
});

Deno.test("createKeyring without a store cannot start and makes up nothing, hazard 2.10", async () => {
  const { isolate, faults, release } = setUp();
  await using keyring = isolate();
  faults.hanging = true;
  await assertRejects(() => keyring.start(), KvUnavailableError);
  await assertRejects(async () => await keyring.view(), KvUnavailableError);
  faults.hanging = false;
  release();
});

Deno.test("createKeyring does not sign when the clock went back, hazard 2.17", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  clock.advance(-MINUTE);
  await assertVerifies(keyring, keyring);
  clock.advance(-1 * SECOND);
  assertEquals(await code(() => keyring.signingKey("EdDSA")), "clock_went_back");
  assertEquals(await code(() => keyring.rotate({ emergency: true })), "clock_went_back");
  clock.advance(2 * HOUR);
  await assertVerifies(keyring, keyring);
});

Deno.test("createKeyring signs with keys whose notBefore is never later than iat", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  for (const step of [0, 7 * DAY, 1, 999, 7 * DAY + 17, 30 * DAY]) {
    clock.advance(step);
    const { notBefore } = await keyring.signingKey("EdDSA");
    assert(notBefore <= Math.floor(clock.ms / SECOND) * SECOND);
    await keyring.maintain();
  }
});

Deno.test("createKeyring rotates lazily when nobody calls maintain, hazard 2.16", async () => {
  const { isolate, clock, events, record } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const first = await assertVerifies(keyring, keyring);
  clock.advance(7 * DAY);
  const second = await assertVerifies(keyring, keyring);
  assert(first !== second);
  await settle();
  assertEquals(await states(keyring), ["retired", "active", "published"]);
  assertEquals(events.at(-1), { type: "maintained", alg: "EdDSA", epoch: 2 });
  clock.advance(3 * MINUTE);
  await keyring.signingKey("EdDSA");
  await settle();
  assertEquals((await record()).keys[0]!.sealed, null, "the retired private half is destroyed");
  clock.advance(25 * HOUR);
  await keyring.signingKey("EdDSA");
  await settle();
  assertEquals(await states(keyring), ["active", "published"]);
});

Deno.test("createKeyring reports what it could not do in the background", async () => {
  const generate = { fails: false };
  const { isolate, clock, events } = setUp({
    generateKey: (alg) =>
      generate.fails ? Promise.reject(new Error("no entropy")) : generateKey(alg),
  });
  await using keyring = isolate();
  await keyring.start();
  generate.fails = true;
  clock.advance(7 * DAY);
  await assertVerifies(keyring, keyring);
  await settle();
  const failed = events.at(-1)!;
  assertEquals([failed.type, "error" in failed && String(failed.error)], [
    "maintain_failed",
    "Error: no entropy",
  ]);
  generate.fails = false;
  clock.advance(MINUTE);
  await assertVerifies(keyring, keyring);
  await settle();
  assertEquals((await states(keyring)).at(-1), "published");
});

Deno.test("createKeyring cannot be changed once disposed", async () => {
  const { isolate } = setUp();
  const keyring = isolate();
  await keyring.start();
  await keyring[Symbol.asyncDispose]();
  await assertRejects(() => keyring.rotate(), TypeError, "disposed");
});

Deno.test("createKeyring keeps tenants apart by prefix", async () => {
  const { isolate, raw } = setUp();
  await using one = isolate({ prefix: ["t1"] });
  await using two = isolate({ prefix: ["t2"], issuer: `${ISSUER}/two` });
  await one.start();
  await two.start();
  const kids = new Set([...(await one.view()).jwks, ...(await two.view()).jwks].map((k) => k.kid));
  assertEquals(kids.size, 4);
  const moved = await storedValue(raw, ["t1", "keyset", "EdDSA"]) as Record<string, unknown>;
  const value = { ...moved, issuer: `${ISSUER}/three` };
  await storeValue(raw, { key: ["t3", "keyset", "EdDSA"], value });
  await using three = isolate({ prefix: ["t3"], issuer: `${ISSUER}/three` });
  assertEquals(await code(() => three.start()), "key_unseal_failed");
});

Deno.test("createKeyring throws at once for a mistake in its options", () => {
  const { isolate } = setUp();
  assertThrows(() => isolate({ policy: { lead: 1 } }), TypeError, "lead is 1");
});
