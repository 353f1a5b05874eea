import { IdTokenError } from "../errors.ts";

/** Who signs, for whom, when. */
export interface Assertion {
  /** Workload id: `iss` and `sub`. */
  readonly workload: string;
  /** Issuer URL: `aud`, a single string (rfc7523bis: never the token endpoint, never a list). */
  readonly issuer: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

interface Signing {
  readonly alg: "RS256" | "ES256" | "EdDSA";
  readonly algorithm: RsaHashedImportParams & EcdsaParams & EcKeyImportParams;
}

const SHA_256 = "SHA-256";
const LIFETIME_S = 60;

// The required members of each key type, in the order of RFC 7638 section 3.2.
const MEMBERS: Readonly<Record<string, readonly (keyof JsonWebKey)[]>> = {
  RSA: ["e", "kty", "n"],
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
};

/** Makes a signer of client assertions; the key is imported once. */
export function signAssertion(jwk: JsonWebKey & { kid?: string }): (
  assertion: Assertion,
) => Promise<string> {
  const { alg, algorithm } = signingOf(jwk);
  let prepared: Promise<[string, CryptoKey]> | undefined;
  const prepare = async (): Promise<[string, CryptoKey]> => {
    const key = await importKey(jwk, algorithm);
    // The issuer finds the key by its kid; it names a key that was registered without one the same.
    const kid = jwk.kid ?? await jwkThumbprint(jwk);
    return [encodeJson({ alg, typ: "JWT", kid }), key];
  };
  return async ({ workload, issuer, issuedAt }) => {
    prepared ??= prepare();
    const [header, key] = await prepared;
    const claims = {
      iss: workload,
      sub: workload,
      aud: issuer,
      jti: crypto.randomUUID(),
      iat: issuedAt,
      exp: issuedAt + LIFETIME_S,
    };
    const input = `${header}.${encodeJson(claims)}`;
    const signature = await crypto.subtle.sign(algorithm, key, utf8(input));
    return `${input}.${encodeBase64url(new Uint8Array(signature))}`;
  };
}

function signingOf(jwk: JsonWebKey): Signing {
  const found = signingOfType(jwk);
  // "Ed25519" (RFC 9864), which Node writes, is another name of EdDSA.
  const given = jwk.alg === "Ed25519" ? "EdDSA" : jwk.alg;
  if (given === undefined || given === found.alg) return found;
  throw unusable(`its member "alg" is not ${found.alg}, which keys of its type sign with here`);
}

function signingOfType({ kty, crv }: JsonWebKey): Signing {
  if (kty === "RSA") return signing("RS256", "RSASSA-PKCS1-v1_5");
  if (kty === "EC" && crv === "P-256") return signing("ES256", "ECDSA");
  if (kty === "OKP" && crv === "Ed25519") return signing("EdDSA", "Ed25519");
  throw unusable("its type is not RSA, P-256 or Ed25519");
}

function signing(alg: Signing["alg"], name: string): Signing {
  return { alg, algorithm: { name, hash: SHA_256, namedCurve: "P-256" } };
}

async function importKey(jwk: JsonWebKey, algorithm: Signing["algorithm"]): Promise<CryptoKey> {
  // Members such as use and key_ops may forbid what the key is here for.
  const { kty, crv, n, e, d, p, q, dp, dq, qi, x, y } = jwk;
  const bare = { kty, crv, n, e, d, p, q, dp, dq, qi, x, y };
  const given = Object.entries(bare).filter(([, value]) => value !== undefined);
  try {
    return await crypto.subtle.importKey("jwk", Object.fromEntries(given), algorithm, false, [
      "sign",
    ]);
  } catch {
    // Without cause: the runtime's words could quote the key.
    throw unusable("its members do not make a key");
  }
}

function unusable(state: string): IdTokenError {
  const message =
    `Cannot sign with SIGNET_PRIVATE_KEY: ${state}. Register a new key for the workload`;
  return new IdTokenError(message, { code: "invalid_configuration" });
}

function encodeJson(value: unknown): string {
  return encodeBase64url(utf8(JSON.stringify(value)));
}

/** The SHA-256 thumbprint of a key (RFC 7638); private members do not count. */
async function jwkThumbprint(jwk: JsonWebKey): Promise<string> {
  const members = MEMBERS[jwk.kty!]!.map((name) => [name, jwk[name]]);
  const text = JSON.stringify(Object.fromEntries(members));
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
}

/** Base64url without padding (RFC 4648 section 5). */
function encodeBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A text in UTF-8. */
function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
