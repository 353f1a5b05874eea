import type { AuditFilter } from "../audit_filter.ts";
import { Problem } from "../errors.ts";
import { isWorkloadId } from "../workloads/workload_id.ts";

const known = ["limit", "cursor", "actor", "action", "target", "workload", "since", "until"];

/** Reads the filter of `GET /admin/audit`; undefined where everything is wanted. */
export function readAuditFilter(query: ReadonlyMap<string, string>): AuditFilter | undefined {
  // A misspelled filter must not turn into the whole log.
  if ([...query.keys()].some((name) => !known.includes(name))) {
    refuse(`the parameters are ${known.join(", ")}`);
  }
  const workload = query.get("workload");
  if (workload !== undefined && query.has("target")) refuse("send target or workload, not both");
  if (workload !== undefined && !isWorkloadId(workload)) refuse("workload must be a workload's id");
  const target = workload === undefined ? query.get("target") : `workload:${workload}`;
  const filter = {
    ...{ actor: query.get("actor"), action: query.get("action"), target },
    ...{ since: readTime(query, "since"), until: readTime(query, "until") },
  };
  if ((filter.since ?? 0) > (filter.until ?? Infinity)) refuse("since must not be after until");
  return Object.values(filter).some((value) => value !== undefined) ? filter : undefined;
}

/** A time as RFC 3339 writes it, or a day, which starts at midnight UTC. */
function readTime(query: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
  const time = form.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time) || time < 0) {
    refuse(`${name} must be a time such as 2026-01-31T08:00:00Z, or a day such as 2026-01-31`);
  }
  return time;
}

function refuse(advice: string): never {
  throw new Problem("invalid", `Cannot list the audit log: ${advice}`);
}
