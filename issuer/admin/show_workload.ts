import { buildSubject, defaultSubject } from "../subject.ts";
import type { Credential, WorkloadRecord } from "../workloads/workload.ts";

/** A workload as the admin API shows it. */
export function showWorkload(record: WorkloadRecord): Record<string, unknown> {
  const { workload } = record;
  return {
    ...workload,
    subject: buildSubject(defaultSubject, { ...workload, workload: workload.id }),
    managedBy: record.managedBy,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
  };
}

/** A credential without its secret or digest. */
export function showCredential(credential: Credential): Record<string, unknown> {
  const { id, type, createdAt, expiresAt, deployment, audiences } = credential;
  return {
    id,
    type,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    deployment,
    audiences,
    jwk: credential.type === "public_key" ? credential.jwk : undefined,
  };
}

/** The strong entity tag of a workload. */
export function entityTag(record: WorkloadRecord): string {
  return `"${record.revision}"`;
}
