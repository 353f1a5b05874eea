import { type Algorithm, ALGORITHMS } from "./algorithm.ts";
import type { KeysetRecord } from "./key_record.ts";
import { missingKeyset, regressedKeyset } from "./keyring_errors.ts";

interface Seen {
  readonly epoch: number;
  readonly writeId?: string;
}

/** What was seen of a store at one time; never changed afterwards. */
export type SeenAt = ReadonlyMap<Algorithm, Seen>;

/** Remembers how far each keyset had come, so that no older record is ever used. */
export class SeenEpochs {
  readonly #seen = new Map<Algorithm, Seen>();

  /** `minimumEpochs`: what an operator says was seen, as before a backup was restored. */
  constructor(minimumEpochs: Partial<Record<Algorithm, number>>) {
    for (const alg of ALGORITHMS) {
      const epoch = minimumEpochs[alg];
      if (epoch !== undefined) this.#seen.set(alg, { epoch });
    }
  }

  /** A copy to hold a read against: a commit of ours may land while the read is on its way. */
  now(): SeenAt {
    return new Map(this.#seen);
  }

  /** Notes a record that the store holds. */
  note(record: KeysetRecord): void {
    if (record.epoch >= (this.#seen.get(record.alg)?.epoch ?? 0)) {
      this.#seen.set(record.alg, record);
    }
  }
}

/** Throws `keyset_missing` or `keyset_epoch_regressed` if a read record contradicts what was seen. */
export function assertFollows(
  record: KeysetRecord | null,
  { alg, seen }: { alg: Algorithm; seen: SeenAt },
): void {
  const before = seen.get(alg);
  if (before === undefined) return;
  if (record === null) throw missingKeyset(alg);
  if (!follows(record, before)) throw regressedKeyset(record, before.epoch);
}

// Another record with the same epoch comes from another history, as after a restored backup.
function follows({ epoch, writeId }: KeysetRecord, seen: Seen): boolean {
  if (epoch !== seen.epoch) return epoch > seen.epoch;
  return seen.writeId === undefined || writeId === seen.writeId;
}
