import { Problem } from "../errors.ts";
import { parseConfiguredCredentials } from "./parse_configured_credential.ts";
import { isObject, parseWorkload } from "./parse_workload.ts";
import type { WorkloadRecord } from "./workload.ts";

type Add = (pointer: string, detail: string) => void;

/** Workloads of the configuration file, with their credentials; faults are added with a JSON pointer each. */
export function parseConfiguredWorkloads(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): WorkloadRecord[] {
  if (!Array.isArray(value)) {
    add("/workloads", "must be a list of workloads");
    return [];
  }
  const ids = new Set<string>();
  const subjects = new Set<string>();
  return value.flatMap((item, index) => {
    const at = `/workloads/${index}`;
    const record = parseOne(item, { issuer, add: (pointer, detail) => add(at + pointer, detail) });
    if (!record) return [];
    const { id, org, app, context } = record.workload;
    const subject = `${org}/${app}/${context}`;
    if (ids.has(id)) add(`${at}/id`, "is used twice");
    if (subjects.has(subject)) add(at, "has the org, app and context of another workload");
    ids.add(id);
    subjects.add(subject);
    return [record];
  });
}

function parseOne(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): WorkloadRecord | undefined {
  const { credentials = [], ...definition } = isObject(value) ? value : { definition: value };
  const parsed = parseConfiguredCredentials(
    credentials,
    (pointer, detail) => add(`/credentials${pointer}`, detail),
  );
  try {
    const { workload } = parseWorkload(definition, { issuer });
    const dates = { createdAt: 0, updatedAt: 0 };
    const names = { writeId: "config", revision: "config" };
    return { version: 1, ...names, workload, credentials: parsed, ...dates, managedBy: "config" };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const fault of error.faults ?? [{ pointer: "", detail: error.message }]) {
      add(fault.pointer, fault.detail);
    }
  }
}
