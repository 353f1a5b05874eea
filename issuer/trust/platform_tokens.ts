import { VERIFICATION_ALGORITHMS } from "../../verify/algorithms.ts";
import type { TokenPolicy } from "../../verify/check_policy.ts";
import { TokenVerificationError } from "../../verify/errors.ts";
import type { ParsedToken } from "../../verify/parse_compact.ts";
import { verifyParsed } from "../../verify/verify_jwt.ts";
import { createUrlGuard, type ResolveName } from "./check_url.ts";
import { PlatformTokenError } from "./errors.ts";
import { createKeyPool } from "./key_pool.ts";
import { matchesRule } from "./match_rule.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import { refusalFrom } from "./read_platform_token.ts";
import { type ReplayKey, replayKey } from "./replay_key.ts";
import type { TrustRule } from "./rule.ts";
import { type PlatformFacts, platformFacts } from "./verified_claims.ts";

/** What a verifier of platform tokens works with. */
export interface PlatformTokenVerifierOptions {
  /** This issuer's own URL: its tokens are refused before anything else. */
  readonly ownIssuer: string;
  /** Whether this issuer runs on loopback: only then may it ask another loopback port. */
  readonly ownIsLoopback: boolean;
  /** The fetch to use; default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
  /** Looks up the addresses of a host before it is asked; default: no look-up. */
  readonly resolve?: ResolveName;
  /** Hosts that are never asked. */
  readonly forbiddenHosts?: readonly string[];
  /** Most issuers whose keys are kept; the one used longest ago goes first; default 200. */
  readonly maxIssuers?: number;
  /** Deadline of each request to an issuer, milliseconds; default 5,000. */
  readonly timeoutMs?: number;
  /** Longest life of a platform token, seconds; default 86,400, what EKS hands out. */
  readonly maxLifetime?: number;
}

/** A rule that a token meets, and what the token says under it. */
export interface RuleMatch<R extends TrustRule> {
  /** The rule, as it was given. */
  readonly rule: R;
  /** Verified facts, by the rule's preset. */
  readonly facts: PlatformFacts;
  /** Whether the token may be exchanged once only. */
  readonly singleUse: boolean;
}

/** A platform token that is genuine and meets at least one rule. */
export interface VerifiedPlatformToken<R extends TrustRule> {
  /** The token's claims and header. */
  readonly parsed: ParsedToken;
  /** Every rule met, in the order given; never empty. */
  readonly matches: readonly RuleMatch<R>[];
  /** How to remember the token where it is for single use. */
  readonly replay: ReplayKey;
}

/** Verifies platform tokens; keeps the keys of the issuers it has asked. */
export interface PlatformTokenVerifier {
  /**
   * Verifies a token against the rules that name its issuer; give it all candidates, other rules are
   * passed over. Only the issuer of such a rule is ever asked. The signature comes before the
   * rules, so that nobody learns by trying what a rule says.
   *
   * @throws {PlatformTokenError} with a code; answer the caller the same whatever it is, except
   * that `keys_unavailable` is worth a retry.
   */
  verify<R extends TrustRule>(
    parsed: ParsedToken,
    rules: readonly R[],
  ): Promise<VerifiedPlatformToken<R>>;
}

const CLOCK_TOLERANCE = 30, MAX_LIFETIME = 86_400;

/** Makes a verifier of platform tokens. Keep it: it caches the keys of each issuer. */
export function createPlatformTokenVerifier(
  options: PlatformTokenVerifierOptions,
): PlatformTokenVerifier {
  const { ownIssuer, now = Date.now, maxLifetime = MAX_LIFETIME } = options;
  const pool = createKeyPool({ ...options, now, checkUrl: createUrlGuard(options) });

  async function verify<R extends TrustRule>(parsed: ParsedToken, rules: readonly R[]) {
    const { iss } = parsed.claims;
    if (iss === ownIssuer) throw new PlatformTokenError("own_token", "it is this issuer's own");
    const candidates = rules.filter(({ issuer }) => issuer === iss);
    if (candidates.length === 0) {
      throw new PlatformTokenError("issuer_not_trusted", "no rule names its issuer");
    }
    // Keys given in one rule never vouch under another, whose author may be somebody else.
    const vouched: R[] = [], errors: unknown[] = [];
    for (const [keys, group] of Map.groupBy(candidates, (rule) => pool.keysFor(rule))) {
      const policy = policyFor(group, maxLifetime);
      await verifyParsed(parsed, { policy, keys, now }).then(
        () => vouched.push(...group),
        (error) => errors.push(error),
      );
    }
    if (vouched.length === 0) throw worstOf(errors);
    const met = new Set(vouched.filter((rule) => matchesRule(rule, parsed.claims)));
    const matches = candidates.filter((rule) => met.has(rule)).map((rule) => matchOf(rule, parsed));
    if (matches.length > 0) return { parsed, matches, replay: await replayKey(parsed) };
    throw new PlatformTokenError("no_rule_matches", "no rule for its issuer accepts its claims");
  }

  return { verify };
}

function policyFor(rules: readonly TrustRule[], maxLifetime: number): TokenPolicy {
  return {
    issuer: rules[0]!.issuer,
    audiences: new Set(rules.map(({ audience }) => audience)),
    algorithms: new Set(VERIFICATION_ALGORITHMS),
    allowMultipleAudiences: false,
    clockTolerance: CLOCK_TOLERANCE,
    maxLifetime,
    maxTokenAge: maxLifetime,
  };
}

function matchOf<R extends TrustRule>(rule: R, parsed: ParsedToken): RuleMatch<R> {
  const singleUse = rule.singleUse ?? presetOfRule(rule)?.singleUse ?? true;
  return { rule, facts: platformFacts(rule, parsed.claims), singleUse };
}

/** Of several refusals the one worth a retry, since the others do not outlast it. */
function worstOf(errors: readonly unknown[]): unknown {
  const unavailable = errors.find((error) =>
    error instanceof TokenVerificationError && error.code === "keys_unavailable"
  );
  return refusalFrom(unavailable ?? errors[0]);
}
