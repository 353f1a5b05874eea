import { decodeValue, encodeValue, readValues } from "./encode_value.ts";
import { KvUnavailableError } from "./errors.ts";
import type { Kv, KvAtomic, KvCheck, KvEntry, KvKey, KvSelector, RawKvEntry } from "./kv.ts";
import { type CallGuardOptions, guardCalls } from "./guard_calls.ts";

/** Options of {@link reliableKv}; times in ms. */
export type ReliableKvOptions = CallGuardOptions;

/** One write of a {@link KvChange}. */
export interface KvSet {
  /** Where to write. */
  readonly key: KvKey;
  /** Anything that JSON can say (RFC 8259), up to 64 KiB in UTF-8. */
  readonly value: unknown;
  /** After how many ms the store may drop it; some time later it does. Default never. */
  readonly expireIn?: number;
}

/** Everything that one atomic commit checks and writes. */
export interface KvChange {
  /** At most 10, the limit of the self-hosted server. */
  readonly checks?: readonly KvCheck[];
  /** What to write. */
  readonly sets?: readonly KvSet[];
  /** What to delete. */
  readonly deletes?: readonly KvKey[];
  /** A key that this change writes with this random `writeId` in its value: shows whose it is. */
  readonly witness?: { readonly key: KvKey; readonly writeId: string };
}

/** Which keys {@link ReliableKv.page} lists: all strictly below `prefix`, within the bounds. */
export interface KvPageSelector {
  /** Keys strictly below it are listed. */
  readonly prefix: KvKey;
  /** The first key (included). */
  readonly start?: KvKey;
  /** The key to stop before. */
  readonly end?: KvKey;
}

/**
 * A store whose calls end in time, whose commits are decided, and whose values any release of Deno
 * reads: JSON in UTF-8. Throws KvUnavailableError, and KvValueError for a value of another form.
 */
export interface ReliableKv {
  /** Strongly consistent entries, in the order of `keys`; more than 10 keys take several reads. */
  read(keys: readonly KvKey[]): Promise<KvEntry[]>;
  /** Up to `limit` entries in key order, or against it. */
  page(
    selector: KvPageSelector,
    options: { limit: number; reverse?: boolean },
  ): Promise<KvEntry[]>;
  /** Commits atomically: true when applied, false when a check failed because another won. */
  commit(change: KvChange): Promise<boolean>;
}

const MAX_KEYS = 10;

/** Puts a deadline, a lock retry, commit resolution and values in JSON around a {@link Kv}. */
export function reliableKv(kv: Kv, options: ReliableKvOptions = {}): ReliableKv {
  const guard = guardCalls(options);
  return {
    read: (keys) =>
      guard("read", async (attempt) => {
        const parts = await Promise.all(
          chunks(keys).map((chunk) =>
            readValues(chunk[0]!, () => attempt(() => kv.getMany(chunk)))
          ),
        );
        return parts.flat().map(decodeEntry);
      }),
    page: (selector, options) => {
      const range = toRange(selector);
      return guard("list", async (attempt) => {
        const list = () => collect(kv.list(range, options));
        const entries = await readValues(selector.prefix, () => attempt(list));
        return entries.map(decodeEntry);
      });
    },
    commit: (change) => {
      assertFits(change);
      return guard("commit", async (attempt) => {
        const sets = change.sets?.map((set) => ({ ...set, value: encodeValue(set.value) }));
        return await commitOnce(kv, { change: { ...change, sets }, attempt });
      });
    },
  };
}

type Attempt = <T>(call: () => Promise<T>) => Promise<T>;

async function commitOnce(
  kv: Kv,
  { change, attempt }: { change: KvChange; attempt: Attempt },
): Promise<boolean> {
  let failure: unknown;
  try {
    if ((await attempt(() => toAtomic(kv, change).commit())).ok) return true;
  } catch (error) {
    if (!(error instanceof KvUnavailableError) || !change.witness) throw error;
    failure = error;
  }
  if (!change.witness) return false;
  // A failed check can be the echo of our own first try whose reply was lost (hazard 2.2).
  const { key, writeId } = change.witness;
  const [entry] = await readValues(key, () => attempt(() => kv.getMany([key])));
  const written = decodeEntry(entry!).value as { writeId?: unknown } | null;
  const ours = written?.writeId === writeId;
  if (!ours && failure !== undefined) throw failure;
  return ours;
}

function toAtomic(kv: Kv, { checks = [], sets = [], deletes = [] }: KvChange): KvAtomic {
  const operation = kv.atomic().check(...checks);
  for (const { key, value, expireIn } of sets) {
    operation.set(key, value, expireIn === undefined ? undefined : { expireIn });
  }
  for (const key of deletes) operation.delete(key);
  return operation;
}

function assertFits({ checks = [], sets = [], witness }: KvChange): void {
  if (checks.length > MAX_KEYS) {
    throw new TypeError(`Cannot commit: ${checks.length} checks, and at most ${MAX_KEYS} fit`);
  }
  const name = witness && JSON.stringify(witness.key);
  if (name && !sets.some(({ key }) => JSON.stringify(key) === name)) {
    throw new TypeError("Cannot commit: the witness is not among the keys that are set");
  }
}

async function collect(entries: AsyncIterable<RawKvEntry>): Promise<RawKvEntry[]> {
  const page: RawKvEntry[] = [];
  for await (const entry of entries) page.push(entry);
  return page;
}

function decodeEntry({ key, value, versionstamp }: RawKvEntry): KvEntry {
  const own = key as KvKey;
  return { key: own, value: versionstamp === null ? null : decodeValue(own, value), versionstamp };
}

function toRange({ prefix, start, end }: KvPageSelector): KvSelector {
  for (const bound of [start, end]) {
    if (bound && !prefix.every((part, index) => part === bound[index])) {
      throw new TypeError("Cannot list: start and end must lie below the prefix");
    }
  }
  // Deno KV refuses a prefix together with both bounds.
  if (start && end) return { start, end };
  if (start) return { prefix, start };
  return end ? { prefix, end } : { prefix };
}

function chunks(keys: readonly KvKey[]): KvKey[][] {
  const count = Math.ceil(keys.length / MAX_KEYS);
  return Array.from({ length: count }, (_, i) => keys.slice(i * MAX_KEYS, (i + 1) * MAX_KEYS));
}
