import { PresetError, type TrustRuleFault } from "./errors.ts";
import { isRecord, pointerTo } from "./pointer.ts";
import { presetNamed, PRESETS } from "./presets/find_preset.ts";
import type { Preset, PresetParam } from "./presets/preset.ts";
import type { ClaimMatcher, TrustRule } from "./rule.ts";

/** A rule in one line: a preset's name and its parameters, and whatever of a rule it should not decide. */
export interface PresetRequest extends Partial<Pick<TrustRule, "audience" | "singleUse" | "jwks">> {
  /** Name of the preset. */
  readonly preset: string;
  /** A parameter of the preset: text, or for most that pin a claim `{"glob": …}`. */
  readonly [param: string]: unknown;
}

const RULE_MEMBERS = ["preset", "audience", "singleUse", "jwks"];
const LONGEST_PART = 256;

/**
 * Writes out a preset as the trust rule that it stands for. The rule is not yet checked: that is
 * `parseTrustRules`, which also takes presets as they are.
 *
 * @throws {PresetError} with every fault, naming the presets or parameters that exist.
 */
export function expandPreset(
  request: PresetRequest,
  { ownIssuer }: { readonly ownIssuer: string },
): TrustRule {
  const preset = typeof request.preset === "string" ? presetNamed(request.preset) : undefined;
  if (preset === undefined) {
    const known = PRESETS.map(({ name }) => name).join(", ");
    throw new PresetError([{ path: "/preset", detail: `is no preset; known: ${known}` }]);
  }
  const faults = requestFaults(request, preset);
  if (faults.length > 0) throw new PresetError(faults);
  const text = (param: string) =>
    typeof request[param] === "string" ? request[param] as string : undefined;
  const { audience = preset.audience ?? ownIssuer, singleUse = preset.singleUse, jwks } = request;
  const rule = { issuer: preset.issuer(text), audience, singleUse, preset: preset.name };
  const claims = { ...preset.claims?.(text), ...claimsOf(request, preset) };
  return jwks === undefined ? { ...rule, claims } : { ...rule, claims, jwks };
}

function claimsOf(request: PresetRequest, preset: Preset): Record<string, ClaimMatcher> {
  const claims: Record<string, ClaimMatcher> = {};
  for (const [name, { claim }] of Object.entries(preset.params)) {
    if (claim !== undefined && request[name] !== undefined) {
      claims[claim] = request[name] as ClaimMatcher;
    }
  }
  return claims;
}

function requestFaults(request: PresetRequest, preset: Preset): TrustRuleFault[] {
  const faults: TrustRuleFault[] = [], known = Object.keys(preset.params);
  for (const name of Object.keys(request)) {
    if (RULE_MEMBERS.includes(name)) continue;
    const detail = known.includes(name)
      ? valueFault(request[name], { ...preset.params[name]!, isIssuer: name === "issuer" })
      : `is no parameter of preset ${preset.name}; known: ${known.join(", ")}`;
    if (detail !== undefined) faults.push({ path: pointerTo("", name), detail });
  }
  for (const choice of preset.required) {
    if (choice.some((name) => request[name] !== undefined)) continue;
    faults.push({ path: "", detail: `preset ${preset.name} needs ${choice.join(" or ")}` });
  }
  return faults;
}

function valueFault(
  value: unknown,
  param: PresetParam & { readonly isIssuer: boolean },
): string | undefined {
  const { type = "string", example } = param;
  if (type === "list") {
    const fits = Array.isArray(value) && value.length > 0 &&
      value.every((part) => typeof part === "string" && part !== "");
    return fits ? undefined : `must be a list of text, as ${example}`;
  }
  if (type !== "string") {
    const fits = type === "number" ? Number.isSafeInteger(value) : typeof value === "boolean";
    return fits ? undefined : `must be a ${type}, as ${example}`;
  }
  const mayBeGlob = param.claim !== undefined && !param.immutable && !param.literal;
  if (mayBeGlob && isRecord(value)) return undefined;
  if (typeof value !== "string" || value === "") return `must be text, as "${example}"`;
  // Parts of the issuer or of a subject must not bring separators of their own.
  if (param.claim === undefined && !param.isIssuer && !isPart(value)) {
    return `must be letters, digits, hyphens, dots and underscores, as "${example}"`;
  }
}

function isPart(value: string): boolean {
  return value.length <= LONGEST_PART && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value);
}
