import type { ParsedToken } from "./parse_compact.ts";
import { TokenVerificationError, type TokenVerificationErrorCode } from "./errors.ts";

/** What a parsed token must say, besides being signed. */
export interface TokenPolicy {
  /** The issuer, compared byte for byte. */
  readonly issuer: string;
  /** Audiences accepted, compared byte for byte. */
  readonly audiences: ReadonlySet<string>;
  /** Algorithms accepted. */
  readonly algorithms: ReadonlySet<string>;
  /** Whether a token may name other audiences besides ours. */
  readonly allowMultipleAudiences: boolean;
  /** Clock difference tolerated, seconds. */
  readonly clockTolerance: number;
  /** Longest `exp − iat` accepted, seconds. */
  readonly maxLifetime: number;
  /** Oldest token accepted, seconds since `iat`. */
  readonly maxTokenAge: number;
}

/**
 * Holds a parsed token against a policy at an instant, in milliseconds since the epoch. Runs before
 * any key is looked up, so that a token for somebody else never causes a request.
 *
 * @throws {TokenVerificationError} with the reason.
 */
export function checkPolicy(parsed: ParsedToken, policy: TokenPolicy, now: number): void {
  const { claims, header } = parsed;
  if (!policy.algorithms.has(header.alg)) {
    throw refuse("algorithm_not_allowed", "alg", "its algorithm is not one this verifier accepts");
  }
  if (claims.iss !== policy.issuer) {
    throw refuse("issuer_mismatch", "iss", `its issuer is not ${policy.issuer}`);
  }
  checkAudience(claims.aud, policy);
  checkTimes(claims, policy, now / 1000);
}

function checkAudience(aud: string | readonly string[], policy: TokenPolicy): void {
  const named = typeof aud === "string" ? [aud] : aud;
  // Any other party named could replay the token here, and we there (security threat 15).
  if (named.length > 1 && !policy.allowMultipleAudiences) {
    throw refuse("audience_mismatch", "aud", "it names more than one audience");
  }
  if (!named.some((audience) => policy.audiences.has(audience))) {
    const wanted = [...policy.audiences].join(" or ");
    throw refuse("audience_mismatch", "aud", `its audience is not ${wanted}`);
  }
}

function checkTimes(claims: ParsedToken["claims"], policy: TokenPolicy, now: number): void {
  const { exp, iat, nbf } = claims, { clockTolerance, maxLifetime, maxTokenAge } = policy;
  if (exp <= iat) throw refuse("claim_invalid", "exp", "it expires before it is issued");
  if (exp - iat > maxLifetime) {
    throw refuse("lifetime_too_long", "exp", `it is valid for more than ${maxLifetime} s`);
  }
  if (now >= exp + clockTolerance) throw refuse("token_expired", "exp", "it has expired");
  if (iat > now + clockTolerance) {
    throw refuse("token_not_yet_valid", "iat", "it is issued in the future; compare the clocks");
  }
  if (nbf !== undefined && nbf > now + clockTolerance) {
    throw refuse("token_not_yet_valid", "nbf", "it is not valid yet; compare the clocks");
  }
  if (now - iat > maxTokenAge + clockTolerance) {
    throw refuse("token_too_old", "iat", `it was issued more than ${maxTokenAge} s ago`);
  }
}

function refuse(
  code: TokenVerificationErrorCode,
  claim: string,
  state: string,
): TokenVerificationError {
  return new TokenVerificationError(code, state, { claim });
}
