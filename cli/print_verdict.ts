import type { ExplainView } from "./admin_types.ts";
import type { CliContext } from "./context.ts";

/** What the stored rules make of a token. */
export function printVerdict({ out }: CliContext, verdict: ExplainView): void {
  if (verdict.verdict === "accepted") {
    const workload = verdict.workload ?? verdict.nearest?.workload;
    return out.line(`${out.style.green("accepted")}${workload ? ` for workload ${workload}` : ""}`);
  }
  const { nearest } = verdict;
  if (!nearest) return;
  const rule = `trust rule ${nearest.rule} of workload ${nearest.workload}`;
  if (nearest.differences.length === 0) return out.line(`What it says meets ${rule}.`);
  out.line(`Nearest: ${rule}. What differs:`);
  out.line();
  out.table({
    head: ["CLAIM", "EXPECTED", "FOUND"],
    rows: nearest.differences.map((d) => [d.claim, show(d.expected), show(d.found)]),
  });
}

/** What a rule that is not saved makes of a token, condition by condition. */
export function printDraftVerdict({ out }: CliContext, verdict: ExplainView): void {
  const { conditions = [], warnings = [], workloads = [] } = verdict;
  if (verdict.verdict === "accepted") {
    out.line(`${out.style.green("accepted")} by this rule, which is not saved`);
    out.line();
  }
  if (conditions.length > 0) {
    out.table({
      head: ["HOLDS", "CLAIM", "EXPECTED", "FOUND"],
      rows: conditions.map((c) => [
        c.matches ? "yes" : "no",
        ...[c.claim, show(c.expected), c.matches ? "the same" : show(c.found)],
      ]),
    });
  }
  const differing = conditions.filter(({ matches }) => !matches);
  if (differing.length > 0) out.line();
  for (const { claim, why } of differing) out.line(`${claim}: ${why}.`);
  if (workloads.length > 0) out.note(`note:  ${alsoTaken(workloads)}`);
  for (const warning of warnings) out.note(`warning: ${warning}`);
}

function alsoTaken(workloads: readonly string[]): string {
  return `workload ${workloads.join(", ")} takes it already; of several workloads a program must ` +
    "name one (SIGNET_WORKLOAD)";
}

function show(value: unknown): string {
  return value === undefined ? "(missing)" : JSON.stringify(value);
}
