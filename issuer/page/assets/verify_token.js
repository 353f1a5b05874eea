/** WebCrypto's names for a JWS algorithm; undefined for those that Signet does not use. */
export function verificationKey(alg) {
  return {
    RS256: { key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, verify: "RSASSA-PKCS1-v1_5" },
    ES256: {
      key: { name: "ECDSA", namedCurve: "P-256" },
      verify: { name: "ECDSA", hash: "SHA-256" },
    },
    EdDSA: { key: "Ed25519", verify: "Ed25519" },
  }[alg];
}

/** Why a token with a good signature is not to be accepted now; undefined if nothing speaks against it. */
export function checkTimes(claims, now) {
  if (!Number.isFinite(claims.exp)) return "It has no expiry.";
  if (claims.exp * 1000 <= now) return "It has expired: relying parties refuse it.";
  if (Number.isFinite(claims.nbf) && claims.nbf * 1000 > now) return "It is not valid yet.";
}

/**
 * Verifies a decoded token with WebCrypto: `{ state: "valid" | "invalid" | "unknown", text }`.
 * `readKeys` gets the public keys; the token is no part of that request.
 */
export async function verifyToken(decoded, { issuer, readKeys, now }) {
  const { header, claims, signature, signed } = decoded;
  if (claims.iss !== issuer) {
    return { state: "unknown", text: "Another issuer made it: its signature is not checked here." };
  }
  const names = Object.hasOwn({ RS256: 1, ES256: 1, EdDSA: 1 }, header.alg)
    ? verificationKey(header.alg)
    : undefined;
  if (!names) return { state: "invalid", text: "This issuer does not sign with this algorithm." };
  let keys;
  try {
    keys = await readKeys();
  } catch {
    return { state: "unknown", text: "The public keys cannot be read now: try again." };
  }
  const jwk = keys.find(({ kid, alg }) => kid === header.kid && alg === header.alg);
  if (!jwk) {
    return { state: "invalid", text: "No published key has its kid: forged, or its key is gone." };
  }
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, names.key, false, ["verify"]);
    if (!await crypto.subtle.verify(names.verify, key, signature, signed)) {
      return { state: "invalid", text: "The signature is wrong: it was changed or forged." };
    }
  } catch {
    return { state: "unknown", text: `This browser cannot verify ${header.alg}.` };
  }
  const problem = checkTimes(claims, now);
  if (problem) return { state: "invalid", text: `The signature is good. ${problem}` };
  return {
    state: "valid",
    text: "This issuer signed it and it is valid now. A relying party also compares aud and sub.",
  };
}
