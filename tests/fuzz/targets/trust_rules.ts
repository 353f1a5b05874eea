import { parseTrustRules, TrustRuleError } from "../../../issuer/trust/parse_rule.ts";
import { explainRules } from "../../../issuer/trust/explain_rule.ts";
import { isRecord } from "../../../issuer/trust/pointer.ts";
import { matchesRule } from "../../../issuer/trust/match_rule.ts";
import type { ClaimMatcher, TrustRule } from "../../../issuer/trust/rule.ts";
import type { TokenClaims } from "../../../verify/check_claims.ts";
import { OWN, SAMPLES } from "../../issuer/trust/_samples.ts";
import { anyValue, mutateValue } from "../mutate.ts";
import type { Random } from "../random.ts";
import { attempt, ensure, type Target } from "../target.ts";

const OPTIONS = { ownIssuer: OWN, ownIsLoopback: false };
const samples = Object.values(SAMPLES);
const written: unknown[] = samples.flatMap(({ presets }) =>
  presets.flatMap((preset) => {
    const { rules } = parseTrustRules([preset], OPTIONS);
    return [
      [preset],
      rules,
      [{ ...rules[0]!, preset: undefined }].map((rule) => JSON.parse(JSON.stringify(rule))),
    ];
  })
);

/** A claim by its name or JSON pointer, read by a walk of its own. */
function claimOf(claims: unknown, name: string): unknown {
  const path = name.startsWith("/")
    ? name.slice(1).split("/").map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"))
    : [name];
  return path.reduce<unknown>((value, part) => {
    const isObject = Object.prototype.toString.call(value) === "[object Object]";
    return isObject && Object.hasOwn(value as object, part)
      ? (value as Record<string, unknown>)[part]
      : undefined;
  }, claims);
}

function meets(matcher: ClaimMatcher, value: unknown): boolean {
  if (typeof matcher === "object" && "glob" in matcher) {
    const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    const pattern = matcher.glob.split("*").map(literal).join("[^/:]+");
    return typeof value === "string" && new RegExp(`^(?:${pattern})$`, "s").test(value);
  }
  return JSON.stringify(matcher) === JSON.stringify(value);
}

function isMet({ issuer, audience, claims }: TrustRule, token: TokenClaims): boolean {
  const audiences = [token.aud].flat();
  return token.iss === issuer && audiences.length === 1 && audiences[0] === audience &&
    Object.entries(claims).every(([name, matcher]) => meets(matcher, claimOf(token, name)));
}

function checkAccepted(rule: TrustRule): void {
  const { issuer, audience, claims } = rule;
  ensure(typeof audience === "string" && audience !== "", "no audience", rule);
  ensure(Object.keys(claims).length > 0, "no condition", rule);
  const known = ["issuer", "audience", "claims", "singleUse", "preset", "jwks"];
  ensure(Object.keys(rule).every((name) => known.includes(name)), "an unknown member", rule);
  const { protocol, username, port, hostname } = new URL(issuer);
  const isPlain = username === "" && !issuer.includes("*") && !issuer.includes("?");
  ensure(isPlain && issuer !== OWN && issuer !== `${OWN}/`, "an issuer that is not plain", rule);
  const isAsked = rule.jwks === undefined;
  const isPublic = protocol === "https:" && port === "" && hostname.includes(".") &&
    !/^\[|\.(localhost|local|internal)$|^[\d.]+$/.test(hostname);
  ensure(!isAsked || isPublic, "an issuer that is no public host", rule);
  const stars = Object.values(claims).filter((matcher) => matcher === "*" || meets(matcher, "*"));
  ensure(stars.length === 0, "a bare *", rule);
  const globs = Object.values(claims).flatMap((matcher) =>
    typeof matcher === "object" && "glob" in matcher ? [matcher.glob] : []
  );
  ensure(!globs.some((glob) => glob.includes("**")), "a ** that reaches over segments", rule);
}

/** Rules from anywhere are refused by faults or safe to follow, and mean the same when read again. */
export const trustRulesTarget: Target = {
  name: "trust_rules",
  cases: 800,
  run(random) {
    checkMatching(random, nearRule(random, random.pick(samples).claims));
    const value = random.oneIn(12)
      ? anyValue(random, 5)
      : mutateValue(random, random.pick(written));
    const outcome = attempt({
      ...{ input: value, length: (JSON.stringify(value) ?? "").length, errors: [TrustRuleError] },
      parse: () => parseTrustRules(value, OPTIONS).rules,
    });
    if (!("value" in outcome)) return;
    const rules = outcome.value;
    rules.forEach(checkAccepted);
    const kept = JSON.parse(JSON.stringify(rules));
    const again = parseTrustRules(kept, OPTIONS).rules;
    ensure(JSON.stringify(again) === JSON.stringify(rules), "another rule when read again", rules);
    for (const rule of rules) checkMatching(random, rule);
  },
};

/** A rule that the claims meet or nearly meet, with every kind of matcher. */
function nearRule(random: Random, { iss, aud, ...claims }: Record<string, unknown>): TrustRule {
  const matchers = Object.entries(claims).flatMap(([name, value]) =>
    random.oneIn(3) && !isRecord(value) ? [[name, matcherOf(random, value)]] : []
  );
  return { issuer: String(iss), audience: String(aud), claims: Object.fromEntries(matchers) };
}

function matcherOf(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) return random.oneIn(3) ? value.slice(1) : value;
  if (typeof value !== "string" || random.oneIn(3)) return value;
  if (random.oneIn(6)) return [value];
  let glob = value;
  for (let stars = 1 + random.int(3); stars > 0; stars--) {
    const at = random.int(glob.length + 1);
    glob = glob.slice(0, at) + "*" + glob.slice(at + random.int(9));
  }
  return { glob };
}

function checkMatching(random: Random, rule: TrustRule): void {
  const claims = samples.find(({ claims }) => claims.iss === rule.issuer)?.claims ??
    samples[0]!.claims;
  const listed = { ...claims, groups: ["a", "b"] };
  const token = (random.oneIn(2) ? listed : mutateValue(random, listed)) as TokenClaims;
  if (typeof token !== "object" || token === null || Array.isArray(token)) return;
  const aud = [token.aud].flat();
  if (aud.length === 0 || !aud.every((each) => typeof each === "string")) return;
  const near = random.oneIn(4)
    ? {
      ...rule,
      claims: { ...rule.claims, groups: random.pick([["a", "b"], ["a"], ["b", "a"], "a"]) },
    }
    : rule;
  const ours = matchesRule(near, token);
  ensure(ours === isMet(near, token), `met: ${ours}, by the reference not so`, { near, token });
  const isExplained = explainRules(token, [near])!.differences.length === 0;
  ensure(ours === isExplained, `met: ${ours}, but explained otherwise`, { near, token });
}
