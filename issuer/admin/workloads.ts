import { Problem } from "../errors.ts";
import { empty, json } from "../respond.ts";
import { isObject, parseWorkload } from "../workloads/parse_workload.ts";
import type { WorkloadRecord } from "../workloads/workload.ts";
import type { AdminAction, AdminContext, AdminRequest } from "./context.ts";
import { editWorkload, randomId } from "./edit_workload.ts";
import { mergePatch } from "./merge_patch.ts";
import { readPage } from "./page_query.ts";
import { entityTag, showWorkload } from "./show_workload.ts";

/** `POST /admin/workloads` */
export const createWorkload: AdminAction = async (context, { body, actor }) => {
  const { reuseSubjectOf: heir, ...definition } = isObject(body) ? body : { definition: body };
  if (heir !== undefined && typeof heir !== "string") {
    throw new Problem(
      "invalid",
      "Cannot create the workload: reuseSubjectOf must be a workload id",
    );
  }
  const { workload, warnings } = parseWorkload(isObject(body) ? definition : body, context);
  const { id } = workload;
  const previous = await context.store.read(id);
  if (previous.record) throw taken(previous.record);
  const now = context.now();
  const record: WorkloadRecord = {
    version: 1,
    writeId: randomId(context),
    revision: randomId(context),
    workload,
    credentials: [],
    createdAt: now,
    updatedAt: now,
    managedBy: "api",
  };
  const event = { actor, action: "workload.create", target: `workload:${id}`, after: workload };
  if (!await context.store.write({ record, previous, event, claimSubject: { heir } })) {
    throw new Problem(
      "conflict",
      `Cannot create workload "${id}": somebody else just did; look again`,
    );
  }
  const headers = { etag: entityTag(record), location: `${context.issuer}/admin/workloads/${id}` };
  const shown = { ...showWorkload(record), warnings: warnings.length ? warnings : undefined };
  return json(shown, { status: 201, headers });
};

function taken(record: WorkloadRecord): Problem {
  const { id } = record.workload;
  return record.deletedAt === undefined
    ? new Problem("conflict", `Cannot create workload "${id}": it exists; change it by PATCH`)
    : new Problem(
      "conflict",
      `Cannot create workload "${id}": the id of a deleted workload is never used again`,
    );
}

/** `GET /admin/workloads` */
export const listWorkloads: AdminAction = async (context, { query }) => {
  const { records, next } = await context.store.list(readPage(query));
  return json({ workloads: records.map(showWorkload), next });
};

/** `GET /admin/workloads/{id}` */
export const showOneWorkload: AdminAction = async (context, { path: [id] }) => {
  const record = await readLive(context, id!);
  return json(showWorkload(record), { headers: { etag: entityTag(record) } });
};

/** A live workload, whoever manages it. */
export async function readLive(context: AdminContext, id: string): Promise<WorkloadRecord> {
  const { record } = await context.store.read(id);
  if (record && record.deletedAt === undefined) return record;
  throw new Problem("not_found", `Cannot find workload "${id}"`);
}

/** `PATCH /admin/workloads/{id}`: a JSON merge patch (RFC 7396) under `If-Match`. */
export const patchWorkload: AdminAction = async (context, { request, actor, path: [id], body }) => {
  const expected = request.headers.get("if-match");
  await readLive(context, id!);
  if (expected === null) {
    throw new Problem(
      "precondition_required",
      `Cannot change workload "${id}": send If-Match with its ETag`,
    );
  }
  let warnings: readonly string[] = [];
  const record = await editWorkload(context, {
    id: id!,
    edit: (current) => {
      checkMatch(expected, current);
      const patched = parseWorkload(mergePatch(current.workload, body), context);
      refuseRename(current, patched.workload);
      warnings = patched.warnings;
      const { workload } = patched;
      const event = {
        actor,
        action: "workload.update",
        target: `workload:${id}`,
        before: current.workload,
        after: workload,
      };
      return { record: { ...current, workload, revision: randomId(context) }, event };
    },
  });
  const shown = { ...showWorkload(record), warnings: warnings.length ? warnings : undefined };
  return json(shown, { headers: { etag: entityTag(record) } });
};

/** A new identity needs a new workload, so that no cloud's rule changes its meaning. */
function refuseRename(current: WorkloadRecord, next: WorkloadRecord["workload"]): void {
  const fixed = ["id", "org", "app", "context"] as const;
  const faults = fixed.filter((name) => current.workload[name] !== next[name])
    .map((name) => ({ pointer: `/${name}`, detail: "never changes; create another workload" }));
  if (faults.length > 0) {
    throw new Problem("invalid", "Cannot change who a workload is", { faults });
  }
}

/** `DELETE /admin/workloads/{id}`: its id stays taken, its credentials end. */
export const deleteWorkload: AdminAction = async (
  context,
  { request, actor, path: [id] }: AdminRequest,
) => {
  const expected = request.headers.get("if-match");
  await editWorkload(context, {
    id: id!,
    edit: (current) => {
      if (expected !== null) checkMatch(expected, current);
      const event = {
        actor,
        action: "workload.delete",
        target: `workload:${id}`,
        before: current.workload,
      };
      return { record: { ...current, credentials: [], deletedAt: context.now() }, event };
    },
  });
  return empty(204);
};

function checkMatch(expected: string, record: WorkloadRecord): void {
  const current = entityTag(record);
  // A server that compresses the answer weakens the tag (Deno 2.5 does); it names the same revision.
  const tags = expected.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (tags.includes("*") || tags.includes(current)) return;
  const detail =
    `Cannot change workload "${record.workload.id}": it changed since you read it; read it again`;
  throw new Problem("precondition_failed", detail, { current });
}
