import type { Kv, KvAtomic, KvCheck, KvCommitResult, KvKey, KvSelector, RawKvEntry } from "./kv.ts";

// Deno KV's own limits, so that what passes here passes there.
const maxKeyBytes = 2_048, maxValueBytes = 65_536;
const encoder = new TextEncoder();

/** Options of {@link memoryKv}. */
export interface MemoryKvOptions {
  /** The clock by which entries expire, in ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

interface Stored {
  readonly key: KvKey;
  readonly value: unknown;
  readonly versionstamp: string;
  readonly expiresAt: number;
}

type Mutation = { key: KvKey; value?: unknown; expireIn?: number; remove?: boolean };

/** A {@link Kv} in memory, with Deno KV's order, versionstamps, limits and copying of values. */
export function memoryKv(options: MemoryKvOptions = {}): Kv {
  return new MemoryKv(options.now ?? Date.now);
}

class MemoryKv implements Kv {
  readonly #now: () => number;
  #sorted: Stored[] = [];
  #version = 0;
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  // Async, so that a closed store or a bad key rejects as it does in Deno KV.
  // deno-lint-ignore require-await
  async get(key: KvKey): Promise<RawKvEntry> {
    this.#assertOpen();
    return this.#entry(key);
  }

  // deno-lint-ignore require-await
  async getMany(keys: readonly KvKey[]): Promise<RawKvEntry[]> {
    this.#assertOpen();
    if (keys.length > 10) throw new TypeError("Cannot read more than 10 keys at once");
    return keys.map((key) => this.#entry(key));
  }

  async *list(
    selector: KvSelector,
    options: { limit?: number; reverse?: boolean } = {},
  ): AsyncGenerator<RawKvEntry> {
    this.#assertOpen();
    const live = this.#sorted.filter((stored) => this.#isLive(stored) && isIn(stored, selector));
    if (options.reverse) live.reverse();
    for (const stored of live.slice(0, options.limit ?? Infinity)) yield copy(stored);
  }

  atomic(): KvAtomic {
    const checks: KvCheck[] = [];
    const mutations: Mutation[] = [];
    const operation: KvAtomic = {
      check: (...more) => (checks.push(...more), operation),
      // Copied here and not at commit: a caller may go on changing its object.
      set: (key, value, { expireIn } = {}) => {
        mutations.push({ key: validKey(key), value: validValue(value), expireIn });
        return operation;
      },
      delete: (key) => (mutations.push({ key: validKey(key), remove: true }), operation),
      // deno-lint-ignore require-await
      commit: async () => this.#commit(checks, mutations),
    };
    return operation;
  }

  close(): void {
    this.#closed = true;
  }

  #commit(checks: readonly KvCheck[], mutations: readonly Mutation[]): KvCommitResult {
    this.#assertOpen();
    const holds = (check: KvCheck) => this.#entry(check.key).versionstamp === check.versionstamp;
    if (!checks.every(holds)) return { ok: false };
    const versionstamp = (++this.#version).toString(16).padStart(20, "0");
    for (const mutation of mutations) this.#apply(mutation, versionstamp);
    if (this.#version % 1_000 === 0) {
      this.#sorted = this.#sorted.filter((kept) => this.#isLive(kept));
    }
    return { ok: true, versionstamp };
  }

  #apply({ key, value, expireIn, remove }: Mutation, versionstamp: string): void {
    const index = this.#indexOf(key);
    const found = this.#sorted[index];
    const exists = found !== undefined && compareKeys(found.key, key) === 0 ? 1 : 0;
    const expiresAt = expireIn === undefined ? Infinity : this.#now() + expireIn;
    const added = remove ? [] : [{ key, value, versionstamp, expiresAt }];
    this.#sorted.splice(index, exists, ...added);
  }

  #entry(key: KvKey): RawKvEntry {
    const stored = this.#sorted[this.#indexOf(validKey(key))];
    const found = stored !== undefined && compareKeys(stored.key, key) === 0;
    if (!found || !this.#isLive(stored)) return { key: [...key], value: null, versionstamp: null };
    return copy(stored);
  }

  #indexOf(key: KvKey): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#sorted[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isLive(stored: Stored): boolean {
    return stored.expiresAt > this.#now();
  }

  #assertOpen(): void {
    if (this.#closed) throw new TypeError("Cannot use the memory KV: it is closed");
  }
}

function copy(stored: Stored): RawKvEntry {
  const { key, value, versionstamp } = stored;
  return { key: [...key], value: structuredClone(value), versionstamp };
}

function isIn({ key }: Stored, selector: KvSelector): boolean {
  if ("prefix" in selector) {
    const below = key.length > selector.prefix.length &&
      selector.prefix.every((part, index) => part === key[index]);
    if (!below) return false;
  }
  if ("start" in selector && compareKeys(key, selector.start) < 0) return false;
  return !("end" in selector) || compareKeys(key, selector.end) < 0;
}

function compareKeys(left: KvKey, right: KvKey): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const order = compareParts(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

// By code point, as UTF-8 bytes sort; `<` on strings would sort by UTF-16 unit.
function compareParts(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index > 0 && isHighSurrogate(left.charCodeAt(index - 1))) index--;
  return (left.codePointAt(index) ?? -1) - (right.codePointAt(index) ?? -1);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function validKey(key: KvKey): KvKey {
  if (key.length === 0 || !key.every((part) => typeof part === "string")) {
    throw new TypeError("Cannot use a key: it must be a non-empty array of strings");
  }
  if (bytesOf(key) > maxKeyBytes) {
    throw new TypeError(`Cannot use a key: it has over ${maxKeyBytes} bytes`);
  }
  return [...key];
}

/** As Deno KV packs it: each part between two bytes, NUL written as two. */
function bytesOf(key: KvKey): number {
  return key.reduce(
    (sum, part) => sum + 2 + encoder.encode(part.replaceAll("\0", "\0\0")).length,
    0,
  );
}

function validValue(value: unknown): unknown {
  if (value instanceof Uint8Array && value.length > maxValueBytes) {
    throw new TypeError(`Cannot set a value: it has over ${maxValueBytes} bytes`);
  }
  return structuredClone(value);
}
