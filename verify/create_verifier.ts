import type { TokenClaims } from "./check_claims.ts";
import { compileOptions } from "./compile_options.ts";
import type { VerifierOptions } from "./verifier_options.ts";
import { verifyJwt } from "./verify_jwt.ts";

/** The claims of a token that has passed every check. */
export type VerifiedClaims = TokenClaims;

/** Verifies tokens of one issuer for one relying party. */
export interface Verifier {
  /**
   * The token's claims, once its form, issuer, audience, times, key and signature are right.
   *
   * @throws {TokenVerificationError} with a literal `code`; the token never stands in it.
   */
  verify(token: string): Promise<VerifiedClaims>;
}

/**
 * Makes a verifier. Keep it: it caches the issuer's keys for at most ten minutes (less where the
 * issuer's `Cache-Control` says so), fetches them again when a token names an unknown key (at most
 * every 30 s), drops keys that the issuer has dropped, and while the issuer cannot be reached goes
 * on with the last good keys for at most an hour.
 *
 * It remembers the last 1,000 tokens that it accepted: when one of them comes again, everything is
 * checked again but its signature, by the key that it was checked with.
 *
 * The caller still decides what the subject may do: compare `claims.sub`.
 *
 * @throws {TypeError} when an option is missing or out of bounds.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const compiled = compileOptions(options);
  return { verify: async (token) => (await verifyJwt(token, compiled)).claims };
}

/**
 * Verifies one token. The issuer's keys are fetched for this call alone: keep a
 * {@linkcode createVerifier} where tokens come often.
 *
 * @throws {TypeError} when an option is missing or out of bounds.
 * @throws {TokenVerificationError} when the token is refused.
 */
export async function verifyIdToken(
  token: string,
  options: VerifierOptions,
): Promise<VerifiedClaims> {
  return await createVerifier(options).verify(token);
}
