import type { KvEntry, KvKey } from "../../kv/kv.ts";
import type { ReliableKv } from "../../kv/reliable_kv.ts";
import type { AuditLog } from "../audit.ts";
import type { AuditEvent } from "../audit_event.ts";
import { Problem } from "../errors.ts";
import type { Eventual } from "../eventual.ts";
import type { ChangeCache } from "./change_cache.ts";
import { refuseLargeRecord } from "./refuse_large_record.ts";
import type { TrustIndex } from "./trust_index.ts";
import type { WorkloadRecord } from "./workload.ts";
import { isWorkloadId } from "./workload_id.ts";

/** Where workloads come from: memory while nothing changed, else one KV read. */
export interface WorkloadStore {
  /** A live workload, or undefined; synchronous while the isolate's copy is current. */
  find(id: string): Eventual<WorkloadRecord | undefined>;
  /** The stored record with its versionstamp, deleted ones too; always from the KV. */
  read(id: string): Promise<StoredWorkload>;
  /** Writes a record if nobody wrote since `read`; false when somebody did. */
  write(change: WorkloadChange): Promise<boolean>;
  /** Live workloads in order of id, from `cursor` (exclusive). */
  list(options: { limit: number; cursor?: string }): Promise<WorkloadPage>;
}

/** A record as it was read; `versionstamp` null: never written. */
export interface StoredWorkload {
  readonly record: WorkloadRecord | undefined;
  readonly versionstamp: string | null;
}

/** A write of one record, with the audit event that belongs to it. */
export interface WorkloadChange {
  readonly record: WorkloadRecord;
  readonly previous: StoredWorkload;
  readonly event: AuditEvent;
  /** Takes org/app/context for this workload; `heir` names the deleted workload it may take it from. */
  readonly claimSubject?: { readonly heir?: string };
}

/** One page of workloads. */
export interface WorkloadPage {
  readonly records: readonly WorkloadRecord[];
  readonly next: string | null;
}

/** Options of {@linkcode createWorkloadStore}. */
export interface WorkloadStoreOptions {
  readonly kv: ReliableKv;
  readonly prefix: KvKey;
  /** Changed by every write; what {@linkcode cache} polls. */
  readonly markerKey: KvKey;
  readonly cache: ChangeCache;
  readonly index: TrustIndex;
  readonly audit: AuditLog;
  /** Workloads of the configuration file: never written, found first. */
  readonly configured: readonly WorkloadRecord[];
}

/** Workloads in the KV, one record each. */
export function createWorkloadStore(options: WorkloadStoreOptions): WorkloadStore {
  const { kv, prefix, configured, cache, index, markerKey } = options;
  const fixed = new Map(configured.map((record) => [record.workload.id, record]));
  const workloadKey = (id: string) => [...prefix, "workload", id];
  const cacheName = (id: string) => `workload\0${id}`;
  const live = (record?: WorkloadRecord) => record?.deletedAt === undefined ? record : undefined;

  async function readRecord(id: string): Promise<StoredWorkload> {
    if (!isWorkloadId(id)) return { record: undefined, versionstamp: null };
    const [entry] = await kv.read([workloadKey(id)]);
    return { record: checkVersion(entry!), versionstamp: entry!.versionstamp };
  }

  return {
    find(id) {
      const record = fixed.get(id);
      // A caller chooses what it says it is: neither the KV nor the cache takes just any text.
      if (record || !isWorkloadId(id)) return record;
      return cache.get(cacheName(id), async () => live((await readRecord(id)).record));
    },
    async read(id) {
      const record = fixed.get(id);
      return record ? { record, versionstamp: null } : await readRecord(id);
    },
    async write({ record, previous, event, claimSubject }) {
      refuseLargeRecord(record);
      const { id, org, app, context } = record.workload;
      const filed = await index.changes(live(previous.record), record);
      const checks = [
        { key: workloadKey(id), versionstamp: previous.versionstamp },
        ...filed.checks,
      ];
      const sets: { key: KvKey; value: unknown; expireIn?: number }[] = [
        { key: workloadKey(id), value: record },
        { key: markerKey, value: record.writeId },
        options.audit.set(event),
        ...filed.sets,
      ];
      if (claimSubject) {
        const key = [...prefix, "subject", org, app, context];
        const [owner] = await kv.read([key]);
        await refuseTakenSubject(owner!, claimSubject.heir);
        checks.push({ key, versionstamp: owner!.versionstamp });
        sets.push({ key, value: { workload: id } });
      }
      const witness = { key: workloadKey(id), writeId: record.writeId };
      const written = await kv.commit({ checks, sets, deletes: filed.deletes, witness });
      if (!written) return false;
      if (filed.sets.length + filed.deletes.length > 0) cache.clear();
      cache.set(cacheName(id), live(record));
      return true;
    },
    async list({ limit, cursor }) {
      const inConfig = listConfigured(fixed, { limit: limit + 1, cursor });
      const stored = await listStored({ limit: limit + 1, cursor });
      const records = [...inConfig, ...stored]
        .sort((a, b) => a.workload.id < b.workload.id ? -1 : 1);
      const page = records.slice(0, limit);
      return { records: page, next: records.length > limit ? page.at(-1)!.workload.id : null };
    },
  };

  async function refuseTakenSubject(owner: KvEntry<unknown>, heir?: string): Promise<void> {
    if (owner.value === null) return;
    const id = (owner.value as { workload: string }).workload;
    const { record } = await readRecord(id);
    if (record?.deletedAt === undefined) {
      throw new Problem(
        "conflict",
        `Cannot create the workload: "${id}" has the same org, app and context`,
      );
    }
    if (heir !== id) {
      const detail =
        `Cannot create the workload: its subject belonged to "${id}", which was deleted. ` +
        `To hand that identity on, send "reuseSubjectOf": "${id}"`;
      throw new Problem("conflict", detail);
    }
  }

  async function listStored(page: { limit: number; cursor?: string }): Promise<WorkloadRecord[]> {
    const found: WorkloadRecord[] = [];
    let cursor = page.cursor;
    while (found.length < page.limit) {
      const start = cursor === undefined ? undefined : [...workloadKey(cursor + "\0")];
      const entries = await kv.page({ prefix: [...prefix, "workload"], start }, {
        limit: page.limit,
      });
      found.push(...entries.flatMap((entry) => live(checkVersion(entry)) ?? []));
      if (entries.length < page.limit) break;
      cursor = entries.at(-1)!.key.at(-1) as string;
    }
    return found.slice(0, page.limit);
  }
}

function listConfigured(
  fixed: ReadonlyMap<string, WorkloadRecord>,
  { limit, cursor = "" }: { limit: number; cursor?: string },
): WorkloadRecord[] {
  const ids = [...fixed.keys()].filter((id) => id > cursor).sort();
  return ids.slice(0, limit).map((id) => fixed.get(id)!);
}

function checkVersion(entry: KvEntry<unknown>): WorkloadRecord | undefined {
  if (entry.value === null) return undefined;
  const record = entry.value as WorkloadRecord;
  if (record.version !== 1) {
    throw new Problem(
      "unavailable",
      "Cannot read a workload: a newer Signet wrote it; update this one",
    );
  }
  return record;
}
