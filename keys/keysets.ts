import type { Algorithm } from "./algorithm.ts";
import type { KeysetRecord } from "./key_record.ts";

/** The keyset of each algorithm that has one. */
export type Keysets = ReadonlyMap<Algorithm, KeysetRecord>;

/** Of each algorithm the later record. */
export function newest(some: Keysets, others: Keysets): Keysets {
  const all = new Map(some);
  for (const [alg, record] of others) {
    if (record.epoch > (all.get(alg)?.epoch ?? 0)) all.set(alg, record);
  }
  return all;
}
