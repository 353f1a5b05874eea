const grammar = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What the id of a workload must look like, for messages. */
export const workloadIdRule =
  "1 to 63 characters a-z, 0-9 and hyphens, starting with a letter or digit" as const;

/** Whether a value can be the id of a workload; what cannot is never looked for in the KV. */
export function isWorkloadId(value: unknown): value is string {
  return typeof value === "string" && grammar.test(value);
}
