import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { explainConditions } from "../../../issuer/trust/explain_conditions.ts";
import { matchesRule } from "../../../issuer/trust/match_rule.ts";
import type { ClaimMatcher, TrustRule } from "../../../issuer/trust/rule.ts";
import { whyClaimDiffers } from "../../../issuer/trust/why_claim_differs.ts";
import type { TokenClaims } from "../../../verify/check_claims.ts";
import type { JsonValue } from "../../../verify/strict_json.ts";

const cases: readonly [expected: ClaimMatcher, found: JsonValue | undefined, words: string][] = [
  ["main", undefined, "no such claim"],
  ["main", "Main", "upper and lower case"],
  ["main", "main ", "space around"],
  ["https://a.test", "https://a.test/", "slash at the end"],
  ["main", "dev", "another value"],
  [true, "true", "has text, the rule wants true or false"],
  ["42", 42, "has a number, the rule wants text"],
  [["a", "b"], ["b", "a"], "same order"],
  ["a", ["a"], "has a list, the rule wants text"],
  [{ glob: "repo:acme/*" }, "repo:acme/web:x", "segments"],
  [{ glob: "repo:acme/*" }, "repo:other/web", "does not fit"],
  [{ glob: "repo:acme/*" }, "repo:Acme/web", "upper and lower case"],
  [{ glob: "repo:acme/*" }, 42, "a glob fits text only"],
  ["x", null, "has null"],
];

Deno.test("whyClaimDiffers names what eyes pass over", () => {
  for (const [expected, found, words] of cases) {
    assertStringIncludes(whyClaimDiffers({ claim: "sub", expected, found }), words);
  }
  const several = { claim: "aud", expected: "a", found: ["a", "b"] };
  assertStringIncludes(whyClaimDiffers(several), "2 audiences");
  assertStringIncludes(whyClaimDiffers({ ...several, found: ["A"] }), "upper and lower case");
});

Deno.test("explainConditions meets every condition exactly where the rule is met", () => {
  const literal = fc.oneof(
    fc.constantFrom("a", "A", "a/b", "b/a"),
    fc.integer({ max: 2 }),
    fc.boolean(),
  );
  const matcher = fc.oneof(
    literal,
    fc.array(literal),
    fc.constantFrom({ glob: "a*" }, { glob: "*/b" }),
  );
  const value = fc.oneof(literal, fc.array(literal), fc.constant(null));
  const names = ["sub", "ref", "env"];
  const pair = fc.record({
    rule: fc.dictionary(fc.constantFrom(...names), matcher),
    token: fc.dictionary(fc.constantFrom(...names), value),
    aud: fc.constantFrom("I", ["I"], ["I", "J"], "J"),
    iss: fc.constantFrom("P", "Q"),
  });
  fc.assert(fc.property(pair, ({ rule: claims, token, aud, iss }) => {
    const rule = { issuer: "P", audience: "I", claims } as TrustRule;
    const presented = { ...token, iss, aud } as unknown as TokenClaims;
    const conditions = explainConditions(presented, rule);
    assertEquals(conditions.length, 2 + Object.keys(claims).length);
    assertEquals(conditions.every(({ matches }) => matches), matchesRule(rule, presented));
  }));
});
