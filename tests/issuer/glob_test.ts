import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { matchesGlob } from "../../issuer/glob.ts";

const cases: [pattern: string, value: string, matches: boolean][] = [
  ["sts.amazonaws.com", "sts.amazonaws.com", true],
  ["sts.amazonaws.com", "sts.amazonaws.com.evil", false],
  ["https://api.acme.test/*", "https://api.acme.test/orders", true],
  ["https://api.acme.test/*", "https://api.acme.test/", false],
  ["https://api.acme.test/*", "https://api.acme.test/a/b", false],
  ["https://api.acme.test/*", "https://api.acme.test.evil/orders", false],
  ["https://*.acme.test", "https://api.acme.test", true],
  ["https://*.acme.test", "https://evil.test/x.acme.test", false],
  ["repo:acme/web:*", "repo:acme/web:main", true],
  ["repo:acme/web:*", "repo:acme/web-evil:main", false],
  ["a*b*c", "axbybc", true],
  ["a*b*c", "abc", false],
  ["a**c", "axxc", true],
  ["a**c", "axc", false],
  ["a.c", "abc", false],
];

Deno.test("matchesGlob keeps every star inside one segment and everything else literal", () => {
  for (const [pattern, value, expected] of cases) {
    assertEquals(matchesGlob(pattern, value), expected, `${pattern} against ${value}`);
  }
});

Deno.test("matchesGlob agrees with the anchored regular expression of the same meaning", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", ":"), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (pattern, value) => {
      const oracle = new RegExp(`^(?:${pattern.replaceAll("*", "[^/:]+")})$`);
      assertEquals(matchesGlob(pattern, value), oracle.test(value));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("threat 29: matchesGlob takes linear time for patterns that stall regular expressions", () => {
  assertEquals(matchesGlob("a*".repeat(300) + "b", "a".repeat(100_000)), false);
});
