import { segmentsOf } from "./claim_faults.ts";
import { presetOfRule } from "./presets/find_preset.ts";
import type { IdentityClaim } from "./presets/preset.ts";
import { type ClaimMatcher, isGlob, type TrustRule } from "./rule.ts";

/** Leading segments of a `sub` that say whose it is, where nothing else is known. */
const SUBJECT_SEGMENTS = 2;

/** A rule that a stranger's token could meet: which claim is at fault, if one is, and why. */
export interface BreadthFault {
  readonly claim?: string;
  readonly detail: string;
}

/**
 * Why a rule of sound form is still too wide (security threat 30): its `sub` leaves open whose it
 * is, as `repo:*` and `repo:org*` do, or nothing in it says whose on a platform that serves everybody.
 */
export function breadthFault(rule: TrustRule): BreadthFault | undefined {
  const preset = presetOfRule(rule), sub = rule.claims["sub"];
  const known = preset?.identity.find(({ claim }) => claim === "sub");
  if (isGlob(sub) && !isFixed(sub, known?.fixedSegments ?? SUBJECT_SEGMENTS)) {
    return { claim: "sub", detail: "leaves open whose token it is: write out its beginning" };
  }
  const identity = preset?.isTenantIssuer?.(rule.issuer) ? [] : preset?.identity ?? [];
  if (identity.length === 0 || identity.some((claim) => isPinned(claim, rule))) return undefined;
  const names = identity.map(({ claim }) => claim).join(", ");
  return { detail: `is met by strangers on ${preset!.title}: it must pin one of ${names}` };
}

function isPinned({ claim, fixedSegments }: IdentityClaim, rule: TrustRule): boolean {
  const matcher = rule.claims[claim];
  return matcher !== undefined && isFixed(matcher, fixedSegments);
}

/** Whether a matcher writes out its first segments, or all of them where no count is given. */
function isFixed(matcher: ClaimMatcher, count?: number): boolean {
  return !isGlob(matcher) ||
    !segmentsOf(matcher.glob).slice(0, count).some((part) => part.includes("*"));
}
