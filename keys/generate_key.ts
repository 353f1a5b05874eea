import { decodeBase64Url } from "@std/encoding/base64url";
import type { Algorithm } from "./algorithm.ts";
import type { PublicKeyMembers } from "./key_record.ts";

/** A new key pair, not sealed yet. */
export interface GeneratedKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** The public half. */
  readonly publicKey: PublicKeyMembers;
  /** PKCS #8 (RFC 5208), DER. */
  readonly privateKey: Uint8Array;
}

type Parameters = RsaHashedKeyGenParams | EcKeyGenParams | { name: "Ed25519" };

const PARAMETERS: Readonly<Record<Algorithm, Parameters>> = {
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  EdDSA: { name: "Ed25519" },
};

/** Generates a key pair with WebCrypto: RSA 2048, P-256 or Ed25519. */
export async function generateKey(alg: Algorithm): Promise<GeneratedKey> {
  const pair = await crypto.subtle.generateKey(PARAMETERS[alg], true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const members = pickPublicMembers(await crypto.subtle.exportKey("jwk", publicKey));
  const bytes = alg === "ES256"
    ? toShortPkcs8(await crypto.subtle.exportKey("jwk", privateKey))
    : new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  // Loaded here: most starts find their keys in the store.
  const { calculateJwkThumbprint } = await import("jose/jwk/thumbprint");
  const kid = await calculateJwkThumbprint(members, "sha256");
  return { kid, publicKey: members, privateKey: bytes };
}

/** The public members of a JWK, chosen by name, so that no private one can slip through. */
export function pickPublicMembers(jwk: JsonWebKey | PublicKeyMembers): PublicKeyMembers {
  const { kty, n, e, crv, x, y } = jwk as PublicKeyMembers;
  if (kty === "RSA") return { kty, n, e };
  return kty === "EC" ? { kty, crv, x, y } : { kty, crv, x };
}

// PrivateKeyInfo of a P-256 key up to the 32 bytes of the private scalar.
const SHORT_PKCS8_HEAD = new Uint8Array([
  ...[0x30, 0x41, 0x02, 0x01, 0x00],
  ...[0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  ...[0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20],
]);

// Without the optional public half (RFC 5915 §3), Deno signs 1.4 times faster: it is not derived
// and checked again at every signature.
function toShortPkcs8({ d }: JsonWebKey): Uint8Array {
  return new Uint8Array([...SHORT_PKCS8_HEAD, ...decodeBase64Url(d!)]);
}
