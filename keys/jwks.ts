import type { Algorithm } from "./algorithm.ts";
import { pickPublicMembers } from "./generate_key.ts";
import type { KeyRecord, KeysetRecord, PublicKeyMembers } from "./key_record.ts";
import { type KeyState, keyState } from "./lifecycle.ts";

/** A public signing key as the JWKS shows it (RFC 7517 §4). */
export interface PublicJwk extends PublicKeyMembers {
  /** Public key use (RFC 7517 §4.2): signatures. */
  readonly use: "sig";
  /** The only algorithm that this key signs with. */
  readonly alg: Algorithm;
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** A self-signed certificate of the key (RFC 7517 §4.7), where the issuer is told to show one. */
  readonly x5c?: string[];
}

// Some relying parties look at the first key only, so that is one that signs.
const ORDER: readonly KeyState[] = ["active", "published", "retired"];

/**
 * The public keys that relying parties need at this time, in a stable order: active keys first,
 * then published, then retired ones; within a state by algorithm as given, then oldest first.
 */
export function buildJwks(
  keysets: readonly KeysetRecord[],
  { now, x5c = false }: { now: number; x5c?: boolean },
): readonly PublicJwk[] {
  const toJwk = (key: KeyRecord, alg: Algorithm): PublicJwk =>
    x5c && key.certificate !== undefined
      ? Object.freeze({ ...toPublicJwk(key, alg), x5c: [key.certificate] })
      : toPublicJwk(key, alg);
  const inState = (state: KeyState) =>
    keysets.flatMap(({ alg, keys }) =>
      keys.filter((key) => keyState(key, now) === state).map((key) => toJwk(key, alg))
    );
  return Object.freeze(ORDER.flatMap(inState));
}

/** One key of the JWKS: member by member, whatever the record holds. */
export function toPublicJwk(
  { kid, publicKey }: Pick<KeyRecord, "kid" | "publicKey">,
  alg: Algorithm,
): PublicJwk {
  const { kty, ...members } = pickPublicMembers(publicKey);
  return Object.freeze({ kty, use: "sig", alg, kid, ...members });
}
