import { importJWK } from "jose/key/import";
import { algorithmOfJwk, type VerificationAlgorithm } from "./algorithms.ts";
import { decodeBase64url } from "./base64url.ts";
import { TokenVerificationError } from "./errors.ts";
import type { VerificationKey, VerificationKeys } from "./key_source.ts";

/** A JSON Web Key Set (RFC 7517 §5) as a plain value. */
export interface PublicJwks {
  /** The keys; those that are not public signature keys are passed over. */
  readonly keys: readonly PublicJwk[];
}

/** A public JSON Web Key (RFC 7517 §4); members that the verifier does not know are ignored. */
export interface PublicJwk {
  /** Key type: `RSA`, `EC` or `OKP`. */
  readonly kty?: string;
  /** Key identifier. */
  readonly kid?: string;
  /** Any other member. */
  readonly [member: string]: unknown;
}

/** Most keys accepted in one set. */
export const MAX_KEYS = 50;
const MIN_RSA_BYTES = 256, MAX_RSA_BYTES = 1024, MAX_EXPONENT_BYTES = 4, MAX_KID_LENGTH = 256;
const SECRET_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/**
 * The usable keys of a key set: public, asymmetric, for signatures, `alg` fitting the key, with a
 * `kid` that stands once. Any other key is passed over, as RFC 7517 §5 asks.
 *
 * @throws {TypeError} when the value is not a key set, or has more than 50 keys.
 */
export function parseJwks(value: unknown): VerificationKeys {
  const keys = (value as PublicJwks | null | undefined)?.keys;
  if (!Array.isArray(keys)) throw new TypeError("Cannot read key set: it has no array of keys");
  if (keys.length > MAX_KEYS) {
    throw new TypeError(`Cannot read key set: it has more than ${MAX_KEYS} keys`);
  }
  const usable = new Map<string, VerificationKey>(), seen = new Set<unknown>();
  for (const jwk of keys) {
    const key = toKey(jwk);
    if (key === undefined) continue;
    if (seen.has(key.kid)) usable.delete(key.kid);
    else usable.set(key.kid, key);
    seen.add(key.kid);
  }
  return usable;
}

function toKey(jwk: unknown): VerificationKey | undefined {
  if (typeof jwk !== "object" || jwk === null) return undefined;
  const { kid, use, key_ops: operations } = jwk as PublicJwk;
  if (typeof kid !== "string" || kid === "" || kid.length > MAX_KID_LENGTH) return undefined;
  if (use !== undefined && use !== "sig") return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return undefined;
  }
  // A key set that shows a private member has lost that key: nobody should trust it.
  if (SECRET_MEMBERS.some((member) => member in jwk)) return undefined;
  const algorithm = algorithmOfJwk(jwk as PublicJwk), material = publicMembers(jwk as PublicJwk);
  if (algorithm === undefined || material === undefined) return undefined;
  let imported: Promise<CryptoKey> | undefined;
  return { kid, algorithm, load: () => imported ??= importKey(material, algorithm) };
}

async function importKey(
  material: Record<string, string>,
  algorithm: VerificationAlgorithm,
): Promise<CryptoKey> {
  try {
    return await importJWK(material, algorithm) as CryptoKey;
  } catch (cause) {
    throw new TokenVerificationError("key_mismatch", "its key cannot be imported", { cause });
  }
}

/** Copies the public members by name, so that nothing else of the document reaches the library. */
function publicMembers(jwk: PublicJwk): Record<string, string> | undefined {
  const { kty, n, e, crv, x, y } = jwk as Record<string, string>;
  if (kty === "RSA") {
    return sizeOf(n, MIN_RSA_BYTES, MAX_RSA_BYTES) && sizeOf(e, 1, MAX_EXPONENT_BYTES)
      ? { kty, n: n!, e: e! }
      : undefined;
  }
  if (kty === "EC") {
    return sizeOf(x, 1, 66) && sizeOf(y, 1, 66) ? { kty, crv: crv!, x: x!, y: y! } : undefined;
  }
  return sizeOf(x, 1, 66) ? { kty: kty!, crv: crv!, x: x! } : undefined;
}

function sizeOf(member: unknown, least: number, most: number): boolean {
  const bytes = typeof member === "string" ? decodeBase64url(member) : undefined;
  return bytes !== undefined && bytes.length >= least && bytes.length <= most + 1;
}
