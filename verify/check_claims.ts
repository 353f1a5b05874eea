import { TokenVerificationError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./strict_json.ts";

/** Claims whose types are right; an object without a prototype. */
export interface TokenClaims {
  /** The issuer. */
  readonly iss: string;
  /** The subject. */
  readonly sub: string;
  /** Whom the token is for: one string, or an array of at least one. */
  readonly aud: string | readonly string[];
  /** Expiry, seconds since the epoch. */
  readonly exp: number;
  /** Time of issue, seconds since the epoch. */
  readonly iat: number;
  /** Start of validity, seconds since the epoch. */
  readonly nbf?: number;
  /** The token's own identifier. */
  readonly jti?: string;
  /** Every other claim, as it stands in the token. */
  readonly [name: string]: JsonValue | undefined;
}

/**
 * Checks the types of the registered claims (RFC 7519 §4.1): a claim of the wrong type is a fault,
 * never an absent claim (security threats 12, 14; CVE-2026-25537). `exp` and `iat` are required
 * because OpenID Connect Core §2 does, and because a token's age cannot be bounded without them.
 *
 * @throws {TokenVerificationError} `claim_invalid`, naming the claim.
 */
export function checkClaims(claims: JsonObject): TokenClaims {
  requireString(claims, "iss");
  requireString(claims, "sub");
  requireAudience(claims["aud"]);
  requireTime(claims, "exp");
  requireTime(claims, "iat");
  if (claims["nbf"] !== undefined) requireTime(claims, "nbf");
  if (claims["jti"] !== undefined) requireString(claims, "jti");
  return claims as TokenClaims;
}

function requireString(claims: JsonObject, name: string): void {
  const value = claims[name];
  if (typeof value !== "string" || value === "") throw invalid(name, "a string that is not empty");
}

function requireTime(claims: JsonObject, name: string): void {
  const value = claims[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw invalid(name, "a whole number of seconds");
  }
}

function requireAudience(aud: JsonValue | undefined): void {
  const members = Array.isArray(aud) ? aud : [aud];
  const strings = members.every((member) => typeof member === "string" && member !== "");
  if (members.length === 0 || !strings) throw invalid("aud", "a string or an array of strings");
}

function invalid(name: string, wanted: string): TokenVerificationError {
  return new TokenVerificationError("claim_invalid", `claim "${name}" is not ${wanted}`, {
    claim: name,
  });
}
