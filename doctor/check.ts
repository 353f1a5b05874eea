/**
 * What the doctor reports.
 *
 * @module
 */

/** Outcome of one check: `skip` means that it could not be judged. */
export type CheckStatus = "ok" | "warn" | "fail" | "skip";

/** One judgement about an issuer, a token or a login. */
export interface Check {
  /** Stable name: the audience and the check, such as `aws.key_ops`. */
  readonly id: string;
  /** What is judged, for people. */
  readonly title: string;
  /** The outcome. */
  readonly status: CheckStatus;
  /** What was seen; never holds a token or a secret. */
  readonly found: string;
  /** What should have been seen. */
  readonly expected: string;
  /** What to do; empty when all is well. */
  readonly remedy: string;
  /** Where the rule comes from. */
  readonly source: string;
}

/** The fixed part of a check. */
export interface CheckRule {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
  readonly remedy: string;
  readonly source: string;
}

/** The outcome of applying a rule. */
export interface Verdict {
  readonly status: CheckStatus;
  readonly found: string;
  /** Overrides the rule's remedy. */
  readonly remedy?: string;
}

/** The check passed. */
export const ok = (found: string): Verdict => ({ status: "ok", found });
/** The check passed, but something is worth changing. */
export const warn = (found: string, remedy?: string): Verdict => ({
  status: "warn",
  found,
  remedy,
});
/** The relying party would refuse. */
export const fail = (found: string, remedy?: string): Verdict => ({
  status: "fail",
  found,
  remedy,
});
/** Nothing to judge. */
export const skip = (found: string): Verdict => ({ status: "skip", found });

/** Combine a rule and its outcome. */
export function check(rule: CheckRule, verdict: Verdict): Check {
  const { status } = verdict;
  const remedy = status === "ok" || status === "skip" ? "" : verdict.remedy ?? rule.remedy;
  const { id, title, expected, source } = rule;
  return { id, title, status, found: verdict.found, expected, remedy, source };
}

/** Fails with the problems, or passes with `found`. */
export function failIfAny(problems: readonly string[], found: string): Verdict {
  return problems.length > 0 ? fail(problems.join("; ")) : ok(found);
}
