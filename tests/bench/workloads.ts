import { createHash } from "node:crypto";
import { createRequestToken, sha256Hex } from "../../issuer/workloads/request_token.ts";
import type { WorkloadRecord } from "../../issuer/workloads/workload.ts";

/** Configured workloads with one request token each, the same for the same URL. */
export function makeWorkloads(
  issuer: string,
  count: number,
): { records: WorkloadRecord[]; tokens: string[] } {
  const tokens: string[] = [];
  const records = Array.from({ length: count }, (_, index) => {
    const id = `web-${index}`;
    const randomBytes = () => new Uint8Array(createHash("sha256").update(id).digest());
    const token = createRequestToken({ issuer, workload: id, randomBytes });
    tokens.push(token);
    return recordOf(id, token);
  });
  return { records, tokens };
}

function recordOf(id: string, token: string): WorkloadRecord {
  return {
    version: 1,
    writeId: "bench",
    revision: "bench",
    workload: {
      ...{ id, org: "acme", app: id, context: "production", audiences: ["*"] },
      ...{ claims: {}, maxTtlSeconds: 3600, trust: [] },
    },
    credentials: [{
      ...{ type: "request_token", id: "first", sha256: sha256Hex(token) },
      ...{ createdAt: 0, expiresAt: Number.MAX_SAFE_INTEGER },
    }],
    ...{ createdAt: 0, updatedAt: 0, managedBy: "config" },
  };
}
