/** A key of the store: a path of strings. Deno KV orders keys part by part, by UTF-8 bytes. */
export type KvKey = readonly string[];

/** What a store answers for one key; `value` and `versionstamp` are null when it holds nothing. */
export interface RawKvEntry {
  /** Parts of any kind that the store allows; in Signet's own keys, strings. */
  readonly key: readonly unknown[];
  /** A copy of what was stored, or null. */
  readonly value: unknown;
  /** Changes with every write of the key, and only grows; null when there is no value. */
  readonly versionstamp: string | null;
}

/** A {@link RawKvEntry} of a key that Signet wrote. */
export interface KvEntry<T = unknown> {
  /** The key that was asked for or found. */
  readonly key: KvKey;
  /** A copy of what was stored, or null. */
  readonly value: T | null;
  /** Changes with every write of the key, and only grows; null when there is no value. */
  readonly versionstamp: string | null;
}

/** A condition of an atomic commit: the key still has this versionstamp (null: does not exist). */
export interface KvCheck {
  /** The key to check. */
  readonly key: KvKey;
  /** What a read of the key gave; null: the key must not exist. */
  readonly versionstamp: string | null;
}

/** Which keys to list: those strictly below a prefix, from `start` on, or before `end`. */
export type KvSelector =
  | { prefix: KvKey }
  | { prefix: KvKey; start: KvKey }
  | { prefix: KvKey; end: KvKey }
  | { start: KvKey; end: KvKey };

/** How many entries to list, and from which side. */
export interface KvListOptions {
  /** How many entries at most. Default all. */
  limit?: number;
  /** True: against key order. Default false. */
  reverse?: boolean;
}

/** The result of an atomic commit; `ok: false` means that a check failed. */
export type KvCommitResult = { ok: true; versionstamp: string } | { ok: false };

/** An atomic commit under construction. */
export interface KvAtomic {
  /** Adds conditions. */
  check(...checks: KvCheck[]): KvAtomic;
  /** Adds a write of a copy of the value; `expireIn` in ms, see {@link Kv}. */
  set(key: KvKey, value: unknown, options?: { expireIn?: number }): KvAtomic;
  /** Adds a deletion; deleting what does not exist is fine. */
  delete(key: KvKey): KvAtomic;
  /** Applies everything if every condition holds, else nothing. */
  commit(): Promise<KvCommitResult>;
}

/**
 * The part of Deno KV that Signet uses. A `Deno.Kv` is assignable to it.
 *
 * Reads are strongly consistent. An entry with `expireIn` goes away at some time after that span,
 * never exactly at it, so an expiry that matters is also stored in the value.
 */
export interface Kv {
  /** Reads one key. */
  get(key: KvKey): Promise<RawKvEntry>;
  /** Reads up to ten keys at one point in time, in the order given. */
  getMany(keys: readonly KvKey[]): Promise<RawKvEntry[]>;
  /** Reads what exists in a range, in key order. */
  list(selector: KvSelector, options?: KvListOptions): AsyncIterable<RawKvEntry>;
  /** Begins an atomic commit. */
  atomic(): KvAtomic;
  /** Lets go of the store. */
  close(): void;
}
