import { breadthFault } from "./breadth_fault.ts";
import { PresetError, TrustRuleError, type TrustRuleFault } from "./errors.ts";
import { expandPreset, type PresetRequest } from "./expand_preset.ts";
import { isRecord, pointerTo } from "./pointer.ts";
import { memberFaults } from "./member_faults.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import type { TrustRule } from "./rule.ts";
import { ruleWarnings } from "./rule_warnings.ts";

export { TrustRuleError, type TrustRuleFault } from "./errors.ts";

/** What rules are judged against. */
export interface ParseTrustRulesOptions {
  /** This issuer's own URL: the audience of a rule, and never its issuer. */
  readonly ownIssuer: string;
  /** Whether this issuer runs on loopback: only then may a rule name another issuer there. */
  readonly ownIsLoopback: boolean;
  /** Hosts that no rule may name, such as the KV server's. */
  readonly forbiddenHosts?: readonly string[];
}

/** Rules that are safe to follow, and what an operator should still look at. */
export interface ParsedTrustRules {
  /** The rules, presets written out, `singleUse` filled in. */
  readonly rules: readonly TrustRule[];
  /** One sentence each, naming the rule. */
  readonly warnings: readonly string[];
}

const MOST_RULES = 50;

/**
 * Reads the trust rules of a workload, from an admin request or a configuration file. An entry with
 * `preset` and without `claims` is a preset and its parameters. Every fault is reported at once, and
 * an unknown member is one (security threat 17: a misspelled condition must not vanish).
 *
 * @throws {TrustRuleError} and nothing else.
 */
export function parseTrustRules(
  value: unknown,
  options: ParseTrustRulesOptions,
): ParsedTrustRules {
  if (!Array.isArray(value) || value.length > MOST_RULES) {
    const detail = `must be a list of at most ${MOST_RULES} rules`;
    throw new TrustRuleError([{ path: "", detail }]);
  }
  const faults: TrustRuleFault[] = [], rules: TrustRule[] = [], warnings: string[] = [];
  for (const [index, entry] of value.entries()) {
    const path = pointerTo("", index), rule = parseRule(entry, { ...options, path, faults });
    if (rule === undefined) continue;
    rules.push(rule);
    warnings.push(...ruleWarnings(rule, options).map((text) => `trust rule ${index}: ${text}`));
  }
  if (faults.length > 0) throw new TrustRuleError(faults);
  return { rules, warnings };
}

interface RuleContext extends ParseTrustRulesOptions {
  readonly path: string;
  readonly faults: TrustRuleFault[];
}

function parseRule(entry: unknown, context: RuleContext): TrustRule | undefined {
  const { path, faults } = context, before = faults.length;
  const written = writtenOut(entry, context);
  if (written === undefined) return undefined;
  faults.push(...memberFaults(written, context));
  if (faults.length > before) return undefined;
  const rule = normalized(written as unknown as TrustRule);
  const wide = breadthFault(rule);
  if (wide === undefined) return rule;
  const claims = pointerTo(path, "claims");
  faults.push({ path: wide.claim ? pointerTo(claims, wide.claim) : claims, detail: wide.detail });
}

function writtenOut(entry: unknown, context: RuleContext): Record<string, unknown> | undefined {
  const { path, faults, ownIssuer } = context;
  if (!isRecord(entry)) return void faults.push({ path, detail: "must be an object" });
  if (entry["preset"] === undefined || entry["claims"] !== undefined) return entry;
  try {
    return { ...expandPreset(entry as PresetRequest, { ownIssuer }) };
  } catch (error) {
    if (!(error instanceof PresetError)) throw error;
    faults.push(...error.faults.map(({ path: at, detail }) => ({ path: path + at, detail })));
  }
}

function normalized(rule: TrustRule): TrustRule {
  const preset = presetOfRule(rule);
  const { issuer, audience, claims, singleUse = preset?.singleUse ?? true } = rule;
  const named = rule.preset === undefined ? {} : { preset: preset!.name };
  const keyed = rule.jwks === undefined ? {} : { jwks: { keys: rule.jwks.keys } };
  return { issuer, audience, claims: { ...claims }, singleUse, ...named, ...keyed };
}
