import { encodeBase64url, utf8 } from "./base64url.ts";

// The required members of each key type, in the order of RFC 7638 section 3.2.
const MEMBERS: Readonly<Record<string, readonly (keyof JsonWebKey)[]>> = {
  RSA: ["e", "kty", "n"],
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
};

/** The SHA-256 thumbprint of a key (RFC 7638); private members do not count. */
export async function jwkThumbprint(jwk: JsonWebKey): Promise<string> {
  const members = MEMBERS[jwk.kty!]!.map((name) => [name, jwk[name]]);
  const text = JSON.stringify(Object.fromEntries(members));
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
}
