import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { claimAt, matchesClaim, matchesRule } from "../../../issuer/trust/match_rule.ts";
import { explainRules } from "../../../issuer/trust/explain_rule.ts";
import type { ClaimMatcher } from "../../../issuer/trust/rule.ts";
import { claimsFrom, OWN, rule } from "./_support.ts";

const ISSUER = "https://ci.example.com";
const claims = (more: Record<string, unknown> = {}) =>
  claimsFrom({ iss: ISSUER, aud: OWN, project: "web", ...more });

Deno.test("threat 32: a claim is compared with its JSON type", () => {
  const values: ClaimMatcher[] = [
    true,
    "true",
    42,
    "42",
    ["42"],
    [42],
    "[42]",
    false,
    0,
    "0",
    ["a", "b"],
    ["b", "a"],
    ["a"],
    "a",
    "a,b",
  ];
  for (const [i, matcher] of values.entries()) {
    for (const [j, value] of values.entries()) {
      assertEquals(matchesClaim(matcher, value as never), i === j, `${matcher} against ${value}`);
    }
    for (const value of [undefined, null, {}, [], [[42]], { 0: "42" }]) {
      assertEquals(matchesClaim(matcher, value as never), false);
    }
  }
});

Deno.test("threat 30: each * of a glob stays inside one segment and stands for something", () => {
  const cases: [string, string, boolean][] = [
    ["repo:acme/web:*", "repo:acme/web:pull_request", true],
    ["repo:acme/web:*", "repo:acme/web:", false],
    ["repo:acme/web:*", "repo:acme/web", false],
    ["repo:acme/web:*", "repo:acme/web:ref:refs/heads/main", false],
    ["repo:acme/web:*", "repo:acme/web-evil:pull_request", false],
    ["repo:acme/web:*", "xrepo:acme/web:pull_request", false],
    ["repo:acme/*:ref:refs/heads/main", "repo:acme/web:ref:refs/heads/main", true],
    ["repo:acme/*:ref:refs/heads/main", "repo:acme/a/b:ref:refs/heads/main", false],
    ["refs/heads/release-*", "refs/heads/release-1", true],
    ["refs/heads/release-*", "refs/heads/release-1/x", false],
    ["refs/heads/release-*", "refs/heads/release-", false],
    ["a.c*", "abcd", false],
    ["*-prod", "eu-prod", true],
    ["*-prod", "eu-prod\n", false],
  ];
  for (const [glob, value, expected] of cases) {
    assertEquals(matchesClaim({ glob }, value), expected, `${glob} against ${value}`);
  }
  for (const value of [["web"], 1, true, null, undefined, { glob: "w*" }]) {
    assertEquals(matchesClaim({ glob: "w*" }, value as never), false);
  }
});

Deno.test("threat 29: a glob never takes more than linear time", () => {
  const hostile = (length: number) => ({
    glob: "a*".repeat(40) + "b",
    value: "a".repeat(length),
  });
  const time = (length: number) => {
    const { glob, value } = hostile(length), start = performance.now();
    for (let i = 0; i < 20; i++) matchesClaim({ glob }, value);
    return performance.now() - start;
  };
  time(1000);
  // A quadratic matcher would need 256 times as long; noise is far below the factor of 64 allowed.
  assert(time(160_000) < 64 * Math.max(time(10_000), 0.5));
});

Deno.test("matchesClaim with a glob agrees with a segment-wise reading of it", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "*"), maxLength: 12 });
  const value = fc.string({ unit: fc.constantFrom("a", "b", ":", "/"), maxLength: 12 });
  fc.assert(
    fc.property(text, value, (glob, value) => {
      const pattern = glob.split("*").join("[^:/]+");
      assertEquals(matchesClaim({ glob }, value), new RegExp(`^(?:${pattern})$`).test(value));
    }),
    { numRuns: 5000 },
  );
});

Deno.test("threat 31: a branch that spells more claims does not meet a rule for those claims", () => {
  const forged = claims({
    sub: "project:web:ref:main:environment:prod",
    ref: "main:environment:prod",
  });
  assertEquals(matchesRule(rule({ claims: { ref: "main", environment: "prod" } }), forged), false);
  assertEquals(
    matchesRule(rule({ claims: { sub: { glob: "project:web:ref:*" } } }), forged),
    false,
  );
  assertEquals(matchesRule(rule({ claims: { ref: { glob: "main*" } } }), forged), false);
});

Deno.test("threat 15: a rule is not met by a token for several audiences", () => {
  assertEquals(matchesRule(rule(), claims({ aud: [OWN] })), true);
  for (const aud of [[OWN, "x"], ["x", OWN], "x", `${OWN}/`]) {
    assertEquals(matchesRule(rule(), claims({ aud })), false);
  }
});

Deno.test("threat 22: claimAt sees own members only, by name or JSON pointer", () => {
  const token = claims({ "a/b": { "c~d": { e: "found" } }, list: [{ x: 1 }], "": "empty" });
  assertEquals(claimAt(token, "/a~1b/c~0d/e"), "found");
  assertEquals(claimAt(token, "/"), "empty");
  for (
    const name of [
      "__proto__",
      "constructor",
      "toString",
      "/constructor/name",
      "/list/0/x",
      "/list/length",
      "/project/length",
      "/a~1b/missing/e",
      "/x/y",
    ]
  ) {
    assertEquals(claimAt(token, name), undefined, name);
    const ordinary = JSON.parse(JSON.stringify(token));
    assertEquals(claimAt(ordinary, name), undefined, name);
  }
});

Deno.test("matchesRule throws on no rule and no claims that passed their readers", () => {
  const matcher = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.record({ glob: fc.string() }),
  );
  const names = fc.oneof(fc.string(), fc.constantFrom("sub", "/a/b", "//", "__proto__", "/~0"));
  fc.assert(
    fc.property(
      fc.dictionary(names, matcher),
      fc.dictionary(names, fc.jsonValue()),
      (conditions, more) => {
        const text = JSON.stringify(more);
        fc.pre(!/\\ud[89a-f]/i.test(text));
        const tried = rule({ claims: conditions as Record<string, ClaimMatcher> });
        const token = claims(more), met = matchesRule(tried, token);
        assertEquals(explainRules(token, [tried])?.differences.length === 0, met);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("explainRules names the nearest rule and each claim that differs", () => {
  const rules = [
    rule({ issuer: "https://other.example.com" }),
    rule({ audience: "https://other.test" }),
    rule({ claims: { project: "api", branch: "x", environment: "prod" } }),
    rule({ claims: { project: "web", branch: { glob: "release-*" }, environment: "prod" } }),
  ];
  const token = claims({ branch: "main", environment: 7 });
  assertEquals(explainRules(token, rules), {
    rule: 3,
    differences: [
      { claim: "branch", expected: { glob: "release-*" }, found: "main" },
      { claim: "environment", expected: "prod", found: 7 },
    ],
  });
  assertEquals(explainRules(token, rules.slice(0, 2)), {
    rule: 1,
    differences: [{ claim: "aud", expected: "https://other.test", found: OWN }],
  });
  assertEquals(explainRules(token, [rule({ claims: { missing: "x" } })])?.differences, [
    { claim: "missing", expected: "x" },
  ]);
  assertEquals(explainRules(token, [rules[0]!])?.differences[0], {
    claim: "iss",
    expected: "https://other.example.com",
    found: ISSUER,
  });
  assertEquals(explainRules(token, []), undefined);
  assertEquals(explainRules(token, [rule()]), { rule: 0, differences: [] });
});

Deno.test("explainRules finds the rule for the same repository nearer than one for another", () => {
  const issuer = "https://token.actions.githubusercontent.com";
  const rules = [
    rule({ issuer, claims: { repository_id: "8", environment: "prod", ref: "refs/heads/main" } }),
    rule({ issuer, claims: { repository_id: "7", environment: "prod", ref: "refs/tags/v1" } }),
  ];
  const token = { repository_id: "7", environment: "staging", ref: "refs/heads/main" };
  assertEquals(explainRules(claims({ ...token, iss: issuer }), rules)?.rule, 1);
});

Deno.test("explainRules cuts long values and never throws", () => {
  const [difference] = explainRules(claims({ project: "x".repeat(5000) }), [rule()])!.differences;
  assertEquals(String(difference?.found).length, 257);
});
