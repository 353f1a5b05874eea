import type { KvKey } from "../../kv/kv.ts";
import type { ReliableKv } from "../../kv/reliable_kv.ts";
import type { AuditLog } from "../audit.ts";
import { createChangeCache } from "./change_cache.ts";
import { lazyTrustIndex } from "./lazy_trust_index.ts";
import type { TrustIndex } from "./trust_index.ts";
import type { WorkloadRecord } from "./workload.ts";
import { createWorkloadStore, type WorkloadStore } from "./workload_store.ts";

/** Most values that an isolate keeps in memory. */
const maxCached = 20_000;

/** Opens the workloads of one issuer: the records, and the index over their trust rules. */
export function openWorkloads(options: {
  kv: ReliableKv;
  prefix: KvKey;
  audit: AuditLog;
  configured: readonly WorkloadRecord[];
  now: () => number;
}): { store: WorkloadStore; index: TrustIndex } {
  const markerKey = [...options.prefix, "workloads_changed"];
  const cache = createChangeCache({ ...options, markerKey, max: maxCached });
  const index = lazyTrustIndex({ ...options, cache });
  return { store: createWorkloadStore({ ...options, markerKey, cache, index }), index };
}
