import type { TokenClaims } from "../../verify/check_claims.ts";
import type { JsonValue } from "../../verify/strict_json.ts";
import { isName } from "../name.ts";
import { claimAt } from "./match_rule.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import type { TrustRule } from "./rule.ts";

/** Facts about the asking program that its platform signed. */
export interface PlatformFacts {
  /** Present only where it is a name, since it goes into `sub` (security threats 25, 26). */
  readonly deploymentId?: string;
  /** The revision that runs. */
  readonly revisionId?: string;
  /** Every other fact, always text; `platform` names the preset. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** AWS cuts no tag: a longer value would make the whole token useless there. */
const LONGEST_FACT = 256;

/**
 * What a verified platform token says about its program, by the mapping of the rule's preset. A
 * rule for an unknown platform yields nothing: what a claim means there, nobody has said.
 */
export function platformFacts(
  rule: Pick<TrustRule, "issuer" | "preset">,
  claims: TokenClaims,
): PlatformFacts {
  const preset = presetOfRule(rule);
  if (preset === undefined) return {};
  const { deploymentId, revisionId, extra } = preset.verified;
  const facts: Record<string, string> = { platform: preset.name };
  for (const [name, claim] of Object.entries(extra)) {
    const fact = factOf(claimAt(claims, claim));
    if (fact !== undefined) facts[name] = fact;
  }
  const deployment = deploymentId && claimAt(claims, deploymentId);
  const revision = revisionId && factOf(claimAt(claims, revisionId));
  return {
    ...(isName(deployment) ? { deploymentId: deployment } : {}),
    ...(revision ? { revisionId: revision } : {}),
    extra: facts,
  };
}

function factOf(value: JsonValue | undefined): string | undefined {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= LONGEST_FACT ? text : undefined;
}
