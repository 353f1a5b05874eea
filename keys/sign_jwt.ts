import { toBase64Url } from "./base64url.ts";
import type { Signer } from "./signer.ts";
import type { Algorithm } from "./algorithm.ts";

/** A key that may sign now. Ask the keyring for it anew for every token. */
export interface SigningKey extends Pick<Signer, "sign"> {
  /** What it signs with. */
  readonly alg: Algorithm;
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** From when on the key signs, in ms since the epoch; never later than a token's `iat`. */
  readonly notBefore: number;
  /** The JWS header `{alg, kid, typ: "JWT"}` in base64url. */
  readonly header: string;
}

const encoder = new TextEncoder();

/** The JWS header (RFC 7515 §4) of every token that a key signs, in base64url. */
export function encodeHeader({ alg, kid }: { alg: Algorithm; kid: string }): string {
  return toBase64Url(encoder.encode(JSON.stringify({ alg, kid, typ: "JWT" })));
}

/**
 * Signs claims as a JWT in JWS compact form (RFC 7519 §7.1, RFC 7515 §3.1).
 *
 * The claims are written as given; building and checking them is the caller's part.
 */
export async function signJwt(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const input = `${key.header}.${toBase64Url(encoder.encode(JSON.stringify(claims)))}`;
  const signature = await key.sign(encoder.encode(input));
  return `${input}.${toBase64Url(signature)}`;
}
