/** A key of the store: a path of strings. Deno KV orders keys part by part, by UTF-8 bytes. */
export type KvKey = readonly string[];

/** What a store answers for one key; `value` and `versionstamp` are null when it holds nothing. */
export interface RawKvEntry {
  /** Parts of any kind that the store allows; in Signet's own keys, strings. */
  readonly key: readonly unknown[];
  readonly value: unknown;
  readonly versionstamp: string | null;
}

/** A {@link RawKvEntry} of a key that Signet wrote. */
export interface KvEntry<T = unknown> {
  readonly key: KvKey;
  readonly value: T | null;
  readonly versionstamp: string | null;
}

/** A condition of an atomic commit: the key still has this versionstamp (null: does not exist). */
export interface KvCheck {
  readonly key: KvKey;
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
  limit?: number;
  reverse?: boolean;
}

/** The result of an atomic commit; `ok: false` means that a check failed. */
export type KvCommitResult = { ok: true; versionstamp: string } | { ok: false };

/** An atomic commit under construction. */
export interface KvAtomic {
  check(...checks: KvCheck[]): KvAtomic;
  /** @param options `expireIn` in milliseconds; "not before", see {@link Kv}. */
  set(key: KvKey, value: unknown, options?: { expireIn?: number }): KvAtomic;
  delete(key: KvKey): KvAtomic;
  commit(): Promise<KvCommitResult>;
}

/**
 * The part of Deno KV that Signet uses. A `Deno.Kv` is assignable to it.
 *
 * Reads are strongly consistent. An entry with `expireIn` goes away at some time after that span,
 * never exactly at it, so an expiry that matters is also stored in the value.
 */
export interface Kv {
  get(key: KvKey): Promise<RawKvEntry>;
  getMany(keys: readonly KvKey[]): Promise<RawKvEntry[]>;
  list(selector: KvSelector, options?: KvListOptions): AsyncIterable<RawKvEntry>;
  atomic(): KvAtomic;
  close(): void;
}
