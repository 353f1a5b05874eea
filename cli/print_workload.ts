import type { TrustRuleView, WorkloadView } from "./admin_types.ts";
import { formatDuration } from "./duration.ts";
import type { Output } from "./output.ts";

/** Prints a workload with everything a person may want to check. */
export function printWorkload(out: Output, workload: WorkloadView): void {
  const claims = Object.entries(workload.claims);
  out.fields([
    ["Subject", workload.subject],
    ["Audiences", workload.audiences.join("\n") || "none: it cannot get a token yet"],
    ...(claims.length > 0
      ? [["Claims", claims.map(([k, v]) => `${k} = ${JSON.stringify(v)}`).join("\n")]] as const
      : []),
    ["Longest token", formatDuration(workload.maxTtlSeconds)],
    ...workload.trust.map((rule, i) => [`Trust rule ${i}`, describeRule(rule)] as const),
    [
      "Managed by",
      workload.managedBy === "config" ? "SIGNET_CONFIG (read-only here)" : "admin API",
    ],
  ]);
  for (const warning of workload.warnings ?? []) {
    const text = typeof warning === "string" ? warning : warning.detail ?? JSON.stringify(warning);
    out.note(`warning: ${text}`);
  }
}

function describeRule(rule: TrustRuleView): string {
  const claims = Object.entries(rule.claims).map(([name, matcher]) => {
    const glob = typeof matcher === "object" ? matcher.glob : undefined;
    return glob === undefined ? `${name} = ${JSON.stringify(matcher)}` : `${name} like ${glob}`;
  });
  return [
    `tokens of ${rule.issuer}`,
    `for ${rule.audience}`,
    ...claims.map((claim) => `where ${claim}`),
    ...(rule.singleUse === false ? ["each may be exchanged again until it expires"] : []),
  ].join("\n");
}
