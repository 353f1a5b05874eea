import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import type { KvEntry } from "../../kv/kv.ts";
import type { ReliableKv } from "../../kv/reliable_kv.ts";
import type { Sabotage } from "./cluster.ts";

/** A mistake that an issuer could make, and what the simulation is to say about it. */
export interface PlantedBug {
  readonly id: string;
  readonly name: string;
  readonly configuration: string;
  readonly sabotage: Sabotage;
  readonly finding: RegExp;
}

/** Each is planted between the real code and its store. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    id: "sign-at-once",
    name: "a key that signs at once, without a lead",
    configuration: "default",
    sabotage: rewriteKeys(signAtOnce),
    finding: /signs with k\d+, published \d+ ms before|may refuse a token/,
  },
  {
    id: "short-lead",
    name: "a lead that forgets caches of a day",
    configuration: "default",
    sabotage: rewriteKeys((key, record) => hasten(key, { record, lead: 23 * 3_600_000 })),
    finding: /signs with k\d+, published \d+ ms before|may refuse a token/,
  },
  {
    id: "no-tail",
    name: "a key without a tail",
    configuration: "default",
    sabotage: rewriteKeys((key) =>
      key.compromisedAt === null ? { ...key, removeAt: key.retireAt } : key
    ),
    finding: /may refuse a token .* fetched in the token's life/,
  },
  {
    id: "no-cas",
    name: "a commit without compare-and-swap",
    configuration: "default",
    sabotage: { store: { withoutChecks: true } },
    finding: /goes from (\d+|undefined) to \d+/,
  },
  {
    id: "ignore-write-id",
    name: "a writer that ignores its writeId",
    configuration: "default",
    sabotage: {
      wrap: (kv) => ({ ...kv, commit: ({ witness: _, ...change }) => kv.commit(change) }),
    },
    finding: /takes its own write of epoch \d+ for another's/,
  },
  {
    id: "stale-view",
    name: "a view that is never refreshed",
    configuration: "steady",
    sabotage: { wrap: readOnce },
    finding: /signs with k\d+ \d+ ms after its revocation/,
  },
  {
    id: "drop-tombstone",
    name: "a tombstone that is dropped",
    configuration: "default",
    sabotage: {
      store: {
        rewrite: (record) => ({
          ...record,
          keys: record.keys.filter((key, index) => index > 0 || key.compromisedAt === null),
        }),
      },
    },
    finding: /the tombstone of k\d+ is gone/,
  },
  {
    id: "trust-again",
    name: "a revoked key that is trusted again",
    configuration: "default",
    sabotage: rewriteKeys((key, { lastSeenTime }) =>
      key.compromisedAt !== null && key.compromisedAt < lastSeenTime
        ? { ...key, compromisedAt: null }
        : key
    ),
    finding: /k\d+ is trusted again after its revocation/,
  },
  {
    id: "no-spare",
    name: "a rotation that publishes no spare",
    configuration: "default",
    sabotage: {
      store: {
        rewrite: (record) => ({
          ...record,
          keys: record.keys.filter((key) => record.epoch < 3 || !isNew(key, record)),
        }),
      },
    },
    finding: /leaves RS256 without a spare/,
  },
];

/** A planted bug by its id. */
export function plantedBug(id: string): PlantedBug {
  const found = PLANTED_BUGS.find((bug) => bug.id === id);
  if (found !== undefined) return found;
  const ids = PLANTED_BUGS.map((bug) => bug.id).join(", ");
  throw new TypeError(`Cannot plant ${JSON.stringify(id)}: the bugs are ${ids}`);
}

function rewriteKeys(change: (key: KeyRecord, record: KeysetRecord) => KeyRecord): Sabotage {
  const rewrite = (record: KeysetRecord) => ({
    ...record,
    keys: record.keys.map((key) => change(key, record)),
  });
  return { store: { rewrite } };
}

/** Its turn comes a second after it was made. */
function signAtOnce(key: KeyRecord, record: KeysetRecord): KeyRecord {
  return hasten(key, { record, lead: 1_000 });
}

/** Moves the turn of a new key forward, and the end of the one before it with it. */
function hasten(
  key: KeyRecord,
  { record, lead }: { record: KeysetRecord; lead: number },
): KeyRecord {
  const spare = record.keys.find((each) => isNew(each, record));
  if (spare === undefined) return key;
  const notBefore = Math.ceil((record.lastSeenTime + lead) / 1_000) * 1_000;
  if (key === spare) return { ...key, notBefore };
  return key.retireAt === spare.notBefore ? { ...key, retireAt: notBefore } : key;
}

function isNew({ publishedAt, notBefore }: KeyRecord, { lastSeenTime }: KeysetRecord): boolean {
  return publishedAt > lastSeenTime - 1_000 && notBefore > lastSeenTime;
}

/** Reads the store again only to write. */
function readOnce(kv: ReliableKv): ReliableKv {
  let known: Promise<KvEntry[]> | undefined;
  return {
    ...kv,
    read: (keys) => {
      known ??= kv.read(keys).catch((error) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    commit: (change) => {
      known = undefined;
      return kv.commit(change);
    },
  };
}
