import type { KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import { type Algorithm, ALGORITHMS } from "./algorithm.ts";
import { type GeneratedKey, generateKey as generateWithWebCrypto } from "./generate_key.ts";
import {
  checkKeyPolicy,
  DEFAULT_KEY_POLICY,
  DEFAULT_MAX_TOKEN_LIFETIME,
  type KeyPolicy,
} from "./key_policy.ts";
import type { Signers } from "./signer.ts";

/** Something that happened to the keys, for logs and metrics. It never holds a secret. */
export type KeyringEvent =
  | {
    /** A keyset was created, maintained, rotated or had a key revoked, by this keyring. */
    readonly type: "bootstrapped" | "introduced" | "maintained" | "rotated" | "revoked";
    readonly alg: Algorithm;
    readonly epoch: number;
    /** The key that it was about, where it was about one. */
    readonly kid?: string;
  }
  | {
    /** The keys could not be read, or what was due could not be done. It is tried again. */
    readonly type: "load_failed" | "maintain_failed";
    readonly error: unknown;
  }
  | {
    /** A key that does not sign yet cannot be opened; it will be needed. */
    readonly type: "unseal_failed";
    readonly kid: string;
    readonly error: unknown;
  };

/** Options of {@link createKeyring}. */
export interface KeyringOptions {
  /** The issuer URL; records and sealed keys are bound to it. */
  readonly issuer: string;
  /** Where the keysets are stored: {@link reliableKv} around a `Deno.Kv`. */
  readonly kv: ReliableKv;
  /** Where keysets are stored: `[...prefix, "keyset", alg]`. Default none. */
  readonly prefix?: KvKey;
  /** What to sign with; at least one. The first leads the JWKS. */
  readonly algorithms: readonly Algorithm[];
  /**
   * 32 bytes each; the first seals, all open. Empty: a publicly known development key, which
   * protects nothing and is for issuers on loopback only.
   */
  readonly keyEncryptionKeys: readonly Uint8Array[];
  /** Timings in ms. Default {@link DEFAULT_KEY_POLICY}; checked by {@link checkKeyPolicy}. */
  readonly policy?: Partial<KeyPolicy>;
  /** True: an empty store is an incident (a lost database) and never a first boot. Default false. */
  readonly initialized?: boolean;
  /** [L] The longest life of any token in ms. Default 3,600,000 (one hour). */
  readonly maxTokenLifetime?: number;
  /**
   * Whether RS256 keys get a self-signed certificate, shown as `x5c` in the JWKS (RFC 7517 §4.7).
   * Keys made without one get it by {@link Keyring.maintain}. Default false.
   */
  readonly x5c?: boolean;
  /** Epochs that the store must have reached: a restored backup below them is refused. */
  readonly minimumEpochs?: Partial<Record<Algorithm, number>>;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Cryptographically random bytes. Default `crypto.getRandomValues`. */
  readonly randomBytes?: (length: number) => Uint8Array;
  /** Makes signatures; closed with the keyring. Default {@link createSigners}. */
  readonly signers?: Signers;
  /** Generates key pairs. Default {@link generateKey}. */
  readonly generateKey?: (alg: Algorithm) => Promise<GeneratedKey>;
  /** Called with every {@link KeyringEvent}; must not throw. */
  readonly onEvent?: (event: KeyringEvent) => void;
}

/** {@link KeyringOptions} with every default filled in, except the signers. */
export type ResolvedKeyringOptions =
  & Required<Omit<KeyringOptions, "policy" | "signers">>
  & { readonly policy: KeyPolicy };

/** Fills in defaults; throws a TypeError that lists every fault. */
export function resolveKeyringOptions(options: KeyringOptions): ResolvedKeyringOptions {
  const { algorithms, maxTokenLifetime = DEFAULT_MAX_TOKEN_LIFETIME } = options;
  const policy = { ...DEFAULT_KEY_POLICY, ...options.policy };
  const faults = [...checkKeyPolicy(policy, { maxTokenLifetime })];
  if (algorithms.length === 0) faults.push("algorithms must name at least one");
  for (const [index, alg] of algorithms.entries()) {
    if (!ALGORITHMS.includes(alg)) faults.push(`algorithms[${index}] is not one of ${ALGORITHMS}`);
    if (algorithms.indexOf(alg) < index) faults.push(`algorithms names ${alg} twice`);
  }
  if (faults.length > 0) {
    throw new TypeError(`Cannot create a keyring: ${faults.join("; ")}`);
  }
  return {
    prefix: [],
    initialized: false,
    x5c: false,
    minimumEpochs: {},
    now: Date.now,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    generateKey: generateWithWebCrypto,
    onEvent: () => {},
    ...options,
    maxTokenLifetime,
    policy,
  };
}
