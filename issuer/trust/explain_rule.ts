import type { TokenClaims } from "../../verify/check_claims.ts";
import type { JsonValue } from "../../verify/strict_json.ts";
import { explainConditions } from "./explain_conditions.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import type { ClaimMatcher, TrustRule } from "./rule.ts";

/** One condition that a token does not meet. */
export interface ClaimDifference {
  /** The claim, as the rule names it; `iss` and `aud` for issuer and audience. */
  readonly claim: string;
  /** What the rule says. */
  readonly expected: ClaimMatcher;
  /** What the token says; absent where it says nothing. Long values are cut. */
  readonly found?: JsonValue;
}

/** How a token stands to a list of rules. */
export interface RuleExplanation {
  /** Place of the rule that the token meets, or comes nearest to, in the list. */
  readonly rule: number;
  /** What differs; empty where the rule is met. */
  readonly differences: readonly ClaimDifference[];
}

/**
 * The rule that a token meets or comes nearest to, for the operator who wonders why it is refused:
 * of the rules for its issuer and audience the one with the fewest differences (those in who it is
 * count more than those in branch or environment), the first of equals.
 * `undefined` where there are no rules. Verifies and mints nothing.
 */
export function explainRules(
  claims: TokenClaims,
  rules: readonly TrustRule[],
): RuleExplanation | undefined {
  let nearest: RuleExplanation | undefined, least = Infinity;
  for (const [rule, candidate] of rules.entries()) {
    const differences = differencesOf(candidate, claims);
    const weigh = weightsOf(candidate);
    const distance = differences.reduce((sum, { claim }) => sum + weigh(claim), 0);
    if (distance >= least) continue;
    least = distance;
    nearest = { rule, differences };
  }
  return nearest;
}

/** A rule for another issuer is never near, one for another audience or somebody else hardly. */
function weightsOf(rule: TrustRule): (claim: string) => number {
  const identity = presetOfRule(rule)?.identity.map(({ claim }) => claim) ?? [];
  return (claim) =>
    claim === "iss" ? 10_000 : claim === "aud" ? 100 : identity.includes(claim) ? 10 : 1;
}

function differencesOf(rule: TrustRule, claims: TokenClaims): ClaimDifference[] {
  return explainConditions(claims, rule).filter(({ matches }) => !matches).map((
    { claim, expected, found },
  ) => found === undefined ? { claim, expected } : { claim, expected, found });
}
