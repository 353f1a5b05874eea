import { isLoopbackIssuer } from "../issuer_url.ts";
import { parseTrustRules, TrustRuleError } from "../trust/parse_rule.ts";
import type { TrustRule } from "../trust/rule.ts";

/** Checks the trust rules of a workload; faults are added with a JSON pointer each. */
export function parseTrust(
  value: unknown,
  { issuer, add }: { issuer: string; add: (pointer: string, detail: string) => void },
): { rules: readonly TrustRule[]; warnings: readonly string[] } {
  try {
    return parseTrustRules(value, { ownIssuer: issuer, ownIsLoopback: isLoopbackIssuer(issuer) });
  } catch (error) {
    if (!(error instanceof TrustRuleError)) throw error;
    for (const { path, detail } of error.faults) add(`/trust${path}`, detail);
    return { rules: [], warnings: [] };
  }
}
