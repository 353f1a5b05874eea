import type { Algorithm } from "../../keys/algorithm.ts";
import type { GeneratedKey } from "../../keys/generate_key.ts";
import type { PrivateKey, Signers } from "../../keys/signer.ts";
import type { Kv } from "../../kv/kv.ts";
import type { Configuration } from "./configurations.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** A token as relying parties see it. Times in ms. */
export interface Token {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** From when on the key signs, as the isolate believes; where it tells. */
  readonly keyNotBefore?: number;
}

/** A JWKS as an isolate serves it. */
export interface ServedKeys {
  readonly kids: readonly string[];
  /** The epoch of each keyset, where it is told. */
  readonly epochs: Readonly<Partial<Record<Algorithm, number>>>;
  /** How old its copy is by its own clock, in ms; where it tells. */
  readonly age?: number;
}

/** What an isolate is asked to do; every answer comes through the scheduler. */
export interface Isolate {
  readonly process: Process;
  /** What it runs. */
  readonly release: Release;
  mint(alg: Algorithm, lifetime: number): Promise<Token>;
  keys(): Promise<ServedKeys>;
  maintain(): Promise<unknown>;
  rotate(options: { emergency: boolean }): Promise<unknown>;
  revoke(kid: string): Promise<unknown>;
}

/** The configuration that an isolate was deployed with. */
export interface Release {
  /** Counts the deployments. */
  readonly number: number;
  readonly algorithms: readonly Algorithm[];
  readonly keyEncryptionKeys: readonly Uint8Array[];
}

/** What every isolate of a world is made of. */
export interface IsolateParts {
  readonly configuration: Configuration;
  readonly scheduler: Scheduler;
  readonly process: Process;
  readonly kv: Kv;
  readonly release: Release;
  /** Numbers the kids of the whole world. */
  readonly nextKid: () => string;
  readonly log: (line: () => string) => void;
  /** Told of every change that the isolate says it made. */
  readonly onChange: (change: { readonly alg: Algorithm; readonly epoch: number }) => void;
}

export const ISSUER_URL = "https://id.example.test";

/** A key pair that is nothing but a name, made at a seeded moment. */
export function keyGenerator(
  { scheduler, process, nextKid }: IsolateParts,
): (alg: Algorithm) => Promise<GeneratedKey> {
  return async () => {
    await scheduler.sleep(scheduler.random.int(0, 200), { process, name: "key generation" });
    const kid = nextKid();
    const privateKey = new TextEncoder().encode(kid);
    return { kid, publicKey: { kty: "OKP", crv: "Ed25519", x: kid }, privateKey };
  };
}

/** Signers whose signatures are their key's name, made at a seeded moment. */
export function namingSigners({ scheduler, process }: IsolateParts): Signers {
  return {
    importKey: ({ kid, pkcs8 }: PrivateKey) => {
      if (new TextDecoder().decode(pkcs8) !== kid) throw new Error(`${kid} opened as another key`);
      let forgotten = false;
      const sign = async () => {
        if (forgotten) throw new Error(`${kid} was asked to sign after it was let go of`);
        await scheduler.sleep(scheduler.random.int(0, 5), { process, name: "signature" });
        return pkcs8.slice();
      };
      return Promise.resolve({ sign, forget: () => void (forgotten = true) });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
