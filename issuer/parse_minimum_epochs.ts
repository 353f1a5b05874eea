import { type Algorithm, ALGORITHMS } from "../keys/algorithm.ts";
import { isObject } from "./workloads/parse_workload.ts";

/** Epochs by key family below which a KV is an old backup; faults are added with a JSON pointer each. */
export function parseMinimumEpochs(
  value: unknown,
  add: (pointer: string, detail: string) => void,
): Readonly<Partial<Record<Algorithm, number>>> | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    add("/minimumEpochs", "must be a JSON object");
    return undefined;
  }
  for (const [alg, epoch] of Object.entries(value)) {
    const pointer = `/minimumEpochs/${alg}`;
    if (!ALGORITHMS.some((known) => known === alg)) {
      add(pointer, `is unknown; known: ${ALGORITHMS.join(", ")}`);
    } else if (!Number.isSafeInteger(epoch) || Number(epoch) < 1) {
      add(pointer, "must be a whole number, as GET /admin/keys shows it under epochs");
    }
  }
  return value as Partial<Record<Algorithm, number>>;
}
