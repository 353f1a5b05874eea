import type { VerificationAlgorithm } from "./algorithms.ts";

/** One public key of one issuer, bound to one algorithm. */
export interface VerificationKey {
  /** The key identifier, unique within the issuer. */
  readonly kid: string;
  /** The only algorithm this key verifies. */
  readonly algorithm: VerificationAlgorithm;
  /** The imported key; imported once, on first use. Rejects with `key_mismatch` when it cannot be. */
  readonly load: () => Promise<CryptoKey>;
}

/** Keys by identifier: a `Map`, so that `__proto__` is a name like any other (security threat 5). */
export type VerificationKeys = ReadonlyMap<string, VerificationKey>;

/** Where the keys of **one** issuer come from; two issuers never share one (security threat 6). */
export interface KeySource {
  /**
   * The key with that identifier, or `undefined` where the issuer has none.
   *
   * @throws {TokenVerificationError} `keys_unavailable` when the issuer's keys cannot be had.
   */
  find(kid: string): VerificationKey | undefined | Promise<VerificationKey | undefined>;
}
