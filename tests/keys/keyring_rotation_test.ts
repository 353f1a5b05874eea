import { assert, assertEquals, assertRejects } from "@std/assert";
import { KeyringError } from "../../keys/errors.ts";
import type { Keyring } from "../../keys/keyring.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";
import { createSigners } from "../../keys/create_signers.ts";
import type { Signers } from "../../keys/signer.ts";
import { DAY, HOUR, MINUTE, SECOND, settle, setUp } from "./support.ts";

const active = async (keyring: Keyring) => (await keyring.signingKey("EdDSA")).kid;
const jwks = async (keyring: Keyring) => (await keyring.view()).jwks.map(({ kid }) => kid);
const states = async (keyring: Keyring) => (await keyring.view()).keys.map(({ state }) => state);

Deno.test("Keyring.rotate starts a rotation that relying parties can follow", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const before = await active(keyring);
  const [result] = await keyring.rotate();
  const [, spare] = (await keyring.view()).keys;
  assertEquals(result, { alg: "EdDSA", kid: spare!.kid, activeAt: spare!.notBefore, epoch: 2 });
  assertEquals(spare!.notBefore, Math.ceil((spare!.publishedAt + 25 * HOUR) / SECOND) * SECOND);
  assertEquals(await keyring.rotate(), [result!], "again changes nothing");
  clock.ms = result!.activeAt - 1;
  assertEquals(await active(keyring), before);
  clock.ms = result!.activeAt;
  assertEquals(await active(keyring), result!.kid);
});

Deno.test("Keyring.rotate gives every isolate time to hear of it, hazard 2.3", async () => {
  const { isolate, clock } = setUp();
  await using one = isolate();
  await using two = isolate();
  await one.start();
  clock.advance(3 * DAY);
  await two.start();
  const [result] = await one.rotate();
  assertEquals(Math.ceil((clock.ms + 2 * MINUTE) / SECOND) * SECOND, result!.activeAt);
  clock.ms = result!.activeAt;
  assertEquals(await active(two), result!.kid);
});

Deno.test("Keyring.rotate publishes a missing spare first", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  clock.advance(7 * DAY);
  const [result] = await keyring.rotate();
  assertEquals(await states(keyring), ["retired", "active", "published"]);
  assertEquals(result!.activeAt, Math.ceil((clock.ms + 25 * HOUR) / SECOND) * SECOND);
});

Deno.test("Keyring.rotate rotates every algorithm, or the one that is named", async () => {
  const { isolate } = setUp({ algorithms: ["EdDSA", "ES256"] });
  await using keyring = isolate();
  assertEquals((await keyring.rotate()).map(({ alg }) => alg), ["EdDSA", "ES256"]);
  assertEquals((await keyring.rotate({ alg: "ES256" })).map(({ alg }) => alg), ["ES256"]);
  assertEquals((await keyring.view()).epochs, { EdDSA: 2, ES256: 2 });
});

Deno.test("Keyring.rotate in an emergency replaces the key in one commit", async () => {
  const { isolate, clock, record, events } = setUp();
  await using keyring = isolate();
  await keyring.start();
  clock.advance(DAY);
  const [bad, spare] = await jwks(keyring);
  const [result] = await keyring.rotate({ emergency: true });
  assertEquals([await active(keyring), result!.kid], [spare, spare]);
  assertEquals((await jwks(keyring)).includes(bad!), false);
  assertEquals(await states(keyring), ["compromised", "active", "published"]);
  const { keys, epoch } = await record();
  assertEquals([epoch, keys[0]!.kid, keys[0]!.sealed], [2, bad, null]);
  assertEquals(events.at(-1), { type: "revoked", alg: "EdDSA", epoch: 2, kid: bad });
});

Deno.test("Keyring.rotate in an emergency is in force elsewhere within a minute, hazard 2.4", async () => {
  const { isolate, clock } = setUp();
  await using one = isolate();
  await using two = isolate();
  await one.start();
  await two.start();
  const bad = await active(two);
  await one.rotate({ emergency: true });
  assertEquals(await active(two), bad, "not heard of it yet");
  clock.advance(MINUTE);
  assertEquals(await active(two), await active(one));
});

Deno.test("Keyring.rotate in an emergency kills one key although the reply is lost, hazard 2.2", async () => {
  const { isolate, faults, record } = setUp();
  await using keyring = isolate();
  await keyring.start();
  faults.dropReply = 1;
  await keyring.rotate({ emergency: true });
  assertEquals(await states(keyring), ["compromised", "active", "published"]);
  assertEquals((await record()).epoch, 2);
});

Deno.test("Keyring.rotate in an emergency kills one key although isolates race for it", async () => {
  const { isolate, record } = setUp();
  const isolates = Array.from({ length: 4 }, () => isolate());
  await Promise.all(isolates.map((keyring) => keyring.start()));
  await Promise.all(isolates.map((keyring) => keyring.rotate({ emergency: true })));
  const { keys } = await record();
  assertEquals(keys.filter(({ compromisedAt }) => compromisedAt !== null).length, 1);
  for (const keyring of isolates) await keyring[Symbol.asyncDispose]();
});

Deno.test("Keyring.rotate in an emergency leaves a first key alone that still waits for its lead", async () => {
  const { isolate } = setUp();
  await using before = isolate();
  await before.start();
  await using keyring = isolate({ algorithms: ["ES256", "EdDSA"] });
  await keyring.start();
  const results = await keyring.rotate({ emergency: true });
  assertEquals(results.map(({ alg }) => alg), ["EdDSA"]);
  const named = await assertRejects(() => keyring.rotate({ emergency: true, alg: "ES256" }));
  assertEquals((named as KeyringError).code, "key_not_yet_active");
  assertEquals((await keyring.view()).epochs, { ES256: 1, EdDSA: 2 });
});

Deno.test("Keyring.rotate in an emergency says what it has replaced when it breaks off", async () => {
  const { isolate, faults } = setUp({
    algorithms: ["EdDSA", "ES256"],
    onEvent: ({ type }) => {
      if (type === "revoked") faults.error = new Error("down");
    },
  });
  await using keyring = isolate();
  await keyring.start();
  const error = await assertRejects(() => keyring.rotate({ emergency: true }), KeyringError);
  assertEquals(error.code, "rotation_unfinished");
  assert(error.message.includes("EdDSA is replaced"), error.message);
  faults.error = undefined;
  await keyring.rotate({ emergency: true, alg: "ES256" });
  assertEquals((await keyring.view()).epochs, { EdDSA: 2, ES256: 2 });
});

Deno.test("Keyring.maintain makes one spare although the reply is lost, hazard 2.2", async () => {
  for (const fault of ["dropReply", "failAfterCommit"] as const) {
    const { isolate, faults, clock, record } = setUp();
    await using keyring = isolate();
    await keyring.start();
    clock.advance(7 * DAY);
    faults[fault] = 1;
    assertEquals(await keyring.maintain(), true);
    assertEquals([(await record()).keys.length, (await record()).epoch], [3, 2]);
  }
});

Deno.test("Keyring.maintain makes one spare although isolates race for it, hazard 2.1", async () => {
  const { isolate, clock, record } = setUp();
  const isolates = Array.from({ length: 8 }, () => isolate());
  await Promise.all(isolates.map((keyring) => keyring.start()));
  clock.advance(7 * DAY);
  const changed = await Promise.all(isolates.map((keyring) => keyring.maintain()));
  assertEquals(changed.filter(Boolean).length, 1);
  assertEquals([(await record()).keys.length, (await record()).epoch], [3, 2]);
  for (const keyring of isolates) await keyring[Symbol.asyncDispose]();
});

Deno.test("Keyring.revoke replaces an active key as an emergency does", async () => {
  const { isolate } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const [bad, spare] = await jwks(keyring);
  const result = await keyring.revoke(bad!);
  assertEquals([result.kid, result.epoch, await active(keyring)], [spare, 2, spare]);
  assertEquals((await keyring.revoke(bad!)).epoch, 2, "again changes nothing");
});

Deno.test("Keyring.revoke replaces a spare and leaves the active key", async () => {
  const { isolate } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const [first, spare] = await jwks(keyring);
  const result = await keyring.revoke(spare!);
  assertEquals([result.kid, await active(keyring)], [first, first]);
  assertEquals(await states(keyring), ["active", "compromised", "published"]);
  assertEquals((await jwks(keyring)).includes(spare!), false);
});

Deno.test("Keyring.revoke takes a retired key out of the JWKS", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const first = await active(keyring);
  clock.advance(7 * DAY);
  await keyring.maintain();
  assert((await jwks(keyring)).includes(first));
  await keyring.revoke(first);
  assertEquals((await jwks(keyring)).includes(first), false);
});

Deno.test("Keyring.revoke does not know a foreign kid", async () => {
  const { isolate, record } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const error = await assertRejects(() => keyring.revoke("nobody's"), KeyringError);
  assertEquals(error.code, "key_unknown");
  assertEquals((await record()).epoch, 1);
});

Deno.test("Keyring.revoke keeps a revoked key away for good", async () => {
  const { isolate, clock } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const bad = await active(keyring);
  await keyring.revoke(bad);
  for (let day = 0; day < 60; day++) {
    clock.advance(DAY);
    await keyring.maintain();
    assertEquals((await jwks(keyring)).includes(bad), false);
  }
  assertEquals((await states(keyring))[0], "compromised");
});

Deno.test("Keyring.revoke interrupts a load that began before it", async () => {
  const { isolate, clock, faults, release } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const bad = await active(keyring);
  clock.advance(30 * SECOND);
  faults.hanging = true;
  await keyring.signingKey("EdDSA");
  faults.hanging = false;
  await keyring.revoke(bad);
  release();
  assert(await active(keyring) !== bad);
});

Deno.test("Keyring signs with the spare it knows when it becomes active in an outage", async () => {
  const { isolate, clock, faults, release } = setUp();
  await using keyring = isolate();
  await keyring.start();
  const [, spare] = (await keyring.view()).keys;
  clock.ms = spare!.notBefore - 1;
  await keyring.signingKey("EdDSA");
  faults.hanging = true;
  clock.advance(5 * MINUTE);
  assertEquals(await active(keyring), spare!.kid);
  faults.hanging = false;
  release();
});

Deno.test("Keyring.revoke outlasts a load that read the store before it", async () => {
  const { isolate, clock, kv, faults, release, events } = setUp();
  await using keyring = isolate({ kv: reliableKv(kv, { deadlineMs: 60_000 }) });
  await keyring.start();
  const bad = await active(keyring);
  clock.advance(30 * SECOND);
  faults.slowReplies = true;
  await keyring.signingKey("EdDSA");
  await settle();
  faults.slowReplies = false;
  const { kid: spare } = await keyring.revoke(bad);
  const { kid: fresh } = await keyring.revoke(spare);
  release();
  await settle();
  const key = keyring.signingKey("EdDSA");
  assertEquals(key instanceof Promise, false, "the new key is still open");
  assertEquals((await key).kid, fresh);
  const types = events.map(({ type }) => type);
  assertEquals(types, ["bootstrapped", "revoked", "revoked"], "nothing failed");
});

Deno.test("Keyring.signingKey waits for the new key while a revoked one is let go of", async () => {
  const signers = createSigners();
  const gate = { open: () => {}, opened: Promise.resolve() };
  const importKey: Signers["importKey"] = async (key) => {
    await gate.opened;
    return await signers.importKey(key);
  };
  const { isolate, clock } = setUp();
  await using one = isolate();
  await using two = isolate({ signers: { ...signers, importKey } });
  await one.start();
  await two.start();
  const bad = await active(one);
  await one.revoke(bad);
  gate.opened = new Promise((resolve) => gate.open = resolve);
  clock.advance(30 * SECOND);
  assertEquals(await active(two), bad, "it has not heard of it, and begins to load");
  await settle();
  const waiting = active(two);
  gate.open();
  assertEquals(await waiting, await active(one));
});

Deno.test("Keyring keeps what it has loaded when the reply to its own commit comes later", async () => {
  const { isolate, kv, clock } = setUp();
  const late = Promise.withResolvers<void>();
  const atomic = () => {
    const operation = kv.atomic();
    const commit = operation.commit;
    operation.commit = async () => {
      const result = await commit();
      await late.promise;
      return result;
    };
    return operation;
  };
  await using one = isolate();
  await one.start();
  // Without a deadline: only the reply is late.
  const sleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  await using two = isolate({ kv: reliableKv({ ...kv, atomic }, { sleep }) });
  await two.start();
  const bad = await active(two);
  const rotating = two.rotate();
  await settle();
  await one.revoke(bad);
  clock.advance(MINUTE);
  const loaded = (await two.view()).epochs.EdDSA!;
  late.resolve();
  await rotating;
  assertEquals((await two.view()).epochs.EdDSA, loaded);
  assertEquals(await active(two), await active(one));
});
