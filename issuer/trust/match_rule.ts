import type { TokenClaims } from "../../verify/check_claims.ts";
import type { JsonValue } from "../../verify/strict_json.ts";
import { matchesGlob } from "../glob.ts";
import { type ClaimMatcher, isGlob, type TrustRule } from "./rule.ts";

/**
 * The claim of that name: a member of the token, or what a JSON pointer (RFC 6901) reaches through
 * objects. Arrays are not entered, so that a position never becomes a condition.
 */
export function claimAt(claims: TokenClaims, name: string): JsonValue | undefined {
  if (!name.startsWith("/")) return own(claims as JsonValue, name);
  let value: JsonValue | undefined = claims as JsonValue;
  for (const part of name.slice(1).split("/")) {
    value = own(value, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return value;
}

/**
 * Whether a claim is what the rule says, with its JSON type: `true` is not `"true"`, 42 is not
 * `"42"`, and a list is met only by an equal list, never by one of its members (security threat
 * 32). Linear in the length of the claim (29).
 */
export function matchesClaim(matcher: ClaimMatcher, value: JsonValue | undefined): boolean {
  if (isGlob(matcher)) return typeof value === "string" && matchesGlob(matcher.glob, value);
  if (!Array.isArray(matcher)) return value === matcher;
  return Array.isArray(value) && value.length === matcher.length &&
    matcher.every((member, index) => value[index] === member);
}

/** Whether a token meets every condition of a rule. Says nothing about its signature. */
export function matchesRule(rule: TrustRule, claims: TokenClaims): boolean {
  return claims.iss === rule.issuer && soleAudience(claims.aud) === rule.audience &&
    Object.entries(rule.claims).every(([name, matcher]) =>
      matchesClaim(matcher, claimAt(claims, name))
    );
}

/** The audience of a token that has exactly one. */
export function soleAudience(aud: TokenClaims["aud"]): string | undefined {
  return typeof aud === "string" ? aud : aud.length === 1 ? aud[0] : undefined;
}

function own(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, JsonValue>)[name] : undefined;
}
