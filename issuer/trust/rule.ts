import type { PublicJwks } from "../../verify/parse_jwks.ts";

/** A claim value that is compared as it stands, type included. */
export type ClaimLiteral = string | number | boolean;

/**
 * What a claim must be: a literal; a list, which only an equal list meets (same members, same
 * order); or a glob, which only a string meets.
 */
export type ClaimMatcher =
  | ClaimLiteral
  | readonly ClaimLiteral[]
  | { readonly glob: string };

/**
 * One platform token that may be exchanged for a workload's token. All conditions must hold.
 *
 * A claim is named as in the token; a name that starts with `/` is a JSON pointer (RFC 6901) into a
 * claim that is an object, as in `/kubernetes.io/serviceaccount/uid`.
 */
export interface TrustRule {
  /** The platform's issuer, byte for byte. */
  readonly issuer: string;
  /** The token's one audience, byte for byte: this issuer's own URL unless the platform cannot. */
  readonly audience: string;
  /** Claims that must hold; at least one. */
  readonly claims: Readonly<Record<string, ClaimMatcher>>;
  /** Whether a token is exchanged once only; filled in by the preset where it is left out. */
  readonly singleUse?: boolean;
  /** The preset that says which claims are verified facts; found by the issuer where it is left out. */
  readonly preset?: string;
  /** The platform's keys, where it cannot be reached. */
  readonly jwks?: PublicJwks;
}

/** Tells a glob from a literal. */
export function isGlob(matcher: ClaimMatcher | undefined): matcher is { readonly glob: string } {
  return typeof matcher === "object" && matcher !== null && "glob" in matcher;
}
