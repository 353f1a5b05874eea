import type { TokenClaims } from "../../verify/check_claims.ts";
import type { JsonValue } from "../../verify/strict_json.ts";
import { claimAt, matchesClaim, soleAudience } from "./match_rule.ts";
import { type ClaimMatcher, isGlob, type TrustRule } from "./rule.ts";
import { whyClaimDiffers } from "./why_claim_differs.ts";

/** One condition of a rule, and how a token stands to it. */
export interface ConditionResult {
  /** The claim, as the rule names it; `iss` and `aud` for issuer and audience. */
  readonly claim: string;
  /** What the rule says. */
  readonly expected: ClaimMatcher;
  /** What the token says; absent where it says nothing. Long values are cut. */
  readonly found?: JsonValue;
  /** Whether the token meets it. */
  readonly matches: boolean;
  /** Why, in a few words. */
  readonly why: string;
}

const LONGEST_SHOWN = 256;

/** Every condition of a rule, met or not, in the order of the rule. Says nothing about the signature. */
export function explainConditions(claims: TokenClaims, rule: TrustRule): ConditionResult[] {
  const { aud, iss } = claims;
  return [
    condition({ claim: "iss", expected: rule.issuer, found: iss, matches: iss === rule.issuer }),
    condition({
      ...{ claim: "aud", expected: rule.audience, found: aud as JsonValue },
      matches: soleAudience(aud) === rule.audience,
    }),
    ...Object.entries(rule.claims).map(([claim, expected]) => {
      const found = claimAt(claims, claim);
      return condition({ claim, expected, found, matches: matchesClaim(expected, found) });
    }),
  ];
}

function condition(
  { claim, expected, found, matches }: Pick<ConditionResult, "claim" | "expected" | "matches"> & {
    found: JsonValue | undefined;
  },
): ConditionResult {
  const shown = found === undefined ? {} : { found: shortened(found) };
  const fits = isGlob(expected) ? "it fits the glob" : "it is the same";
  const why = matches ? fits : whyClaimDiffers({ claim, expected, found });
  return { claim, expected, ...shown, matches, why };
}

function shortened(value: JsonValue): JsonValue {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST_SHOWN ? value : `${text.slice(0, LONGEST_SHOWN)}…`;
}
