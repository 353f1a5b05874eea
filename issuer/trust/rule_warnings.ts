import { segmentsOf } from "./claim_faults.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import type { Preset } from "./presets/preset.ts";
import { isGlob, type TrustRule } from "./rule.ts";

/** What an operator should look at again in a rule that is accepted. */
export function ruleWarnings(rule: TrustRule, { ownIssuer }: { ownIssuer: string }): string[] {
  const preset = presetOfRule(rule), warnings: string[] = [];
  if (rule.audience !== ownIssuer) {
    warnings.push(
      `audience ${rule.audience} is not this issuer: whoever is given a token for it can exchange ` +
        `it here; let the platform mint tokens for ${ownIssuer} where it can`,
    );
  }
  if (preset === undefined) return warnings;
  return [...warnings, ...renameWarnings(rule, preset), ...narrowingWarnings(rule, preset)];
}

/** Names that can change hands, where nothing in the rule pins what cannot (security threat 27). */
function renameWarnings(rule: TrustRule, preset: Preset): string[] {
  return Object.entries(preset.renameable).flatMap(([claim, ids]) => {
    const matcher = claim === "iss" ? rule.issuer : rule.claims[claim];
    if (matcher === undefined || ids.some((id) => rule.claims[id] !== undefined)) return [];
    const value = isGlob(matcher) ? matcher.glob : String(matcher);
    if (preset.isImmutable?.(claim, value)) return [];
    const what = claim === "iss" ? "the issuer URL holds a name that" : `claim "${claim}"`;
    return [`${what} can be renamed and then belong to somebody else; pin ${ids[0]} too`];
  });
}

function narrowingWarnings(rule: TrustRule, { narrowing, title, name }: Preset): string[] {
  const { sub } = rule.claims;
  if (name === "github" && isGlob(sub) && isWholeRepository(sub.glob)) {
    return [
      `sub glob ${sub.glob} is met by pull requests and by no branch, tag or environment, since * ` +
      `stays inside one segment; pin repository_id and environment or ref instead`,
    ];
  }
  if (narrowing === undefined || narrowing.some((claim) => rule.claims[claim] !== undefined)) {
    return [];
  }
  const names = narrowing.filter((claim) => claim !== "sub").join(", ");
  return [`every branch and preview on ${title} meets it; pin one of ${names}`];
}

function isWholeRepository(glob: string): boolean {
  return segmentsOf(glob).length === 4 && glob.endsWith(":*");
}
