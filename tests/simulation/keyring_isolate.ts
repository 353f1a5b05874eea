import { createKeyring } from "../../keys/keyring.ts";
import { type ReliableKv, reliableKv } from "../../kv/reliable_kv.ts";
import {
  type Isolate,
  type IsolateParts,
  ISSUER_URL,
  keyGenerator,
  namingSigners,
} from "./isolate.ts";

/** What a planted bug puts between the keyring and the calls of its store. */
export type WrapReliableKv = (kv: ReliableKv) => ReliableKv;

/** An isolate that is nothing but the real keyring. */
export function keyringIsolate(parts: IsolateParts, wrap: WrapReliableKv = (kv) => kv): Isolate {
  const { configuration, scheduler, process, release } = parts;
  const { random } = scheduler;
  const now = () => (scheduler.activity++, scheduler.now + process.skew);
  const keyring = createKeyring({
    issuer: ISSUER_URL,
    kv: wrap(reliableKv(parts.kv, {
      now,
      random: () => random.next(),
      sleep: (ms, signal) => scheduler.sleepUnless(ms, signal, { process, name: "timer" }),
    })),
    algorithms: release.algorithms,
    keyEncryptionKeys: release.keyEncryptionKeys,
    policy: configuration.policy,
    maxTokenLifetime: configuration.maxTokenLifetime,
    now,
    randomBytes: (length) => random.bytes(length),
    generateKey: keyGenerator(parts),
    signers: namingSigners(parts),
    onEvent: (event) => {
      if ("epoch" in event) parts.onChange(event);
      parts.log(() => {
        const what = "error" in event ? String(event.error) : JSON.stringify(event);
        return `${process.name} reports ${event.type}: ${what}`;
      });
    },
  });
  return {
    process,
    release,
    async mint(alg, lifetime) {
      const { kid, notBefore } = await keyring.signingKey(alg);
      const issuedAt = Math.floor(now() / 1_000) * 1_000;
      return { kid, alg, issuedAt, expiresAt: issuedAt + lifetime, keyNotBefore: notBefore };
    },
    async keys() {
      const { jwks, epochs, loadedAt } = await keyring.view();
      return { kids: jwks.map(({ kid }) => kid), epochs, age: now() - loadedAt };
    },
    maintain: () => keyring.maintain(),
    rotate: (options) => keyring.rotate(options),
    revoke: (kid) => keyring.revoke(kid),
  };
}
