import { assertEquals } from "@std/assert";
import { parseTrustRules, TrustRuleError } from "../../../issuer/trust/parse_rule.ts";
import type { TrustRule } from "../../../issuer/trust/rule.ts";
import type { TokenClaims } from "../../../verify/check_claims.ts";
import { parseStrictJson } from "../../../verify/strict_json.ts";
import { OWN } from "./_samples.ts";

export { OWN } from "./_samples.ts";

/** The rules and warnings of entries that must be accepted. */
export function accepted(entries: readonly unknown[], options = {}) {
  return parseTrustRules(entries, { ownIssuer: OWN, ownIsLoopback: false, ...options });
}

/** The faults of one entry as `path: detail` lines; fails when it is accepted. */
export function faultsOf(entries: unknown, options = {}): string[] {
  try {
    parseTrustRules(entries, { ownIssuer: OWN, ownIsLoopback: false, ...options });
  } catch (error) {
    if (!(error instanceof TrustRuleError)) throw error;
    return error.faults.map(({ path, detail }) => `${path}: ${detail}`);
  }
  return [];
}

/** Claims as the strict reader gives them. */
export function claimsFrom(claims: Record<string, unknown>): TokenClaims {
  const times = { iat: 1, exp: 2 };
  const json = JSON.stringify({ sub: "x", ...times, ...claims });
  return parseStrictJson(new TextEncoder().encode(json)) as unknown as TokenClaims;
}

/** A rule of sound form for an issuer that nobody knows. */
export function rule(change: Partial<TrustRule> & Record<string, unknown> = {}): TrustRule {
  return {
    issuer: "https://ci.example.com",
    audience: OWN,
    claims: { project: "web" },
    ...change,
  };
}

export function assertFault(entry: unknown, expected: string | RegExp, options = {}) {
  const faults = faultsOf([entry], options);
  const found = faults.some((fault) =>
    typeof expected === "string" ? fault.includes(expected) : expected.test(fault)
  );
  if (!found) assertEquals(faults, [String(expected)], JSON.stringify(entry));
}
