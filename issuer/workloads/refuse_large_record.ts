import { encodeValue } from "../../kv/encode_value.ts";
import { Problem } from "../errors.ts";
import type { WorkloadRecord } from "./workload.ts";

/** Deno KV keeps values of up to 64 KiB. */
const maxRecordBytes = 65_536;

/** Less than half of it: an audit entry holds a workload before and after its change. */
const maxWorkloadBytes = 30_000;

/** Refuses what the KV would not keep, before it is tried. */
export function refuseLargeRecord(record: WorkloadRecord): void {
  refuseOver(maxWorkloadBytes, { value: record.workload, what: "the workload" });
  refuseOver(maxRecordBytes, { value: record, what: "the workload with its credentials" });
}

function refuseOver(most: number, { value, what }: { value: unknown; what: string }): void {
  const size = encodeValue(value).length;
  if (size <= most) return;
  throw new Problem(
    "too_large",
    `Cannot keep ${what}: ${size} bytes of JSON, and at most ${most}; list fewer audiences, rules ` +
      "or keys, or make it two workloads",
  );
}
