import type { ParsedToken } from "../../verify/parse_compact.ts";

/** How a used token is remembered. */
export interface ReplayKey {
  /** Hex SHA-256: fits any store's key, and tells nothing of the token. */
  readonly key: string;
  /** Until when it must be remembered, milliseconds since the epoch. */
  readonly keepUntil: number;
}

/** Clock difference that verifiers tolerate at most, and that between isolates, milliseconds. */
const KEEP_LONGER_MS = 360_000;

/**
 * The identity of a token for single use (security hazard 2.6): issuer and `jti`, or, where there
 * is no `jti`, header and payload without the signature. So a second signature over the same token
 * (an ECDSA twin, threat 11) is still the same token.
 *
 * A platform without `jti` whose tokens say the same within one second gives two callers one
 * token: the later one must ask the platform again.
 */
export async function replayKey(parsed: ParsedToken): Promise<ReplayKey> {
  const { claims: { iss, jti, exp }, signingInput } = parsed;
  // A signing input never holds NUL, so the two kinds of identity cannot meet.
  const identity = jti === undefined ? signingInput : `${iss}\0${jti}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identity));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
  return { key: hex.join(""), keepUntil: exp * 1000 + KEEP_LONGER_MS };
}
