import { encodeHex } from "@std/encoding/hex";
import type { AuditEvent } from "../audit_event.ts";
import { Problem } from "../errors.ts";
import type { WorkloadRecord } from "../workloads/workload.ts";
import type { StoredWorkload } from "../workloads/workload_store.ts";
import type { AdminContext } from "./context.ts";

/** What an edit makes of a live record; null: nothing to do. */
export type WorkloadEdit = (
  record: WorkloadRecord,
) => { record: WorkloadRecord; event: AuditEvent } | null;

/** A fresh random name for a write, a revision or a credential. */
export function randomId(context: AdminContext): string {
  return encodeHex(context.randomBytes(8));
}

/** Reads a live, editable workload or refuses. */
export async function readEditable(
  context: AdminContext,
  id: string,
): Promise<StoredWorkload & { record: WorkloadRecord }> {
  const stored = await context.store.read(id);
  const { record } = stored;
  if (!record || record.deletedAt !== undefined) {
    throw new Problem("not_found", `Cannot find workload "${id}"`);
  }
  if (record.managedBy === "config") {
    throw new Problem(
      "read_only",
      `Cannot change workload "${id}" here: edit the configuration file`,
    );
  }
  return { ...stored, record };
}

/** Applies an edit by compare-and-swap, again when somebody else wrote meanwhile. */
export async function editWorkload(
  context: AdminContext,
  { id, edit }: { id: string; edit: WorkloadEdit },
): Promise<WorkloadRecord> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const previous = await readEditable(context, id);
    const change = edit(previous.record);
    if (change === null) return previous.record;
    const record = { ...change.record, writeId: randomId(context), updatedAt: context.now() };
    if (await context.store.write({ record, previous, event: change.event })) return record;
  }
  throw new Problem("unavailable", `Cannot change workload "${id}": too many writers at once`);
}
