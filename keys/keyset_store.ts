import type { KvEntry, KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import { type Algorithm, ALGORITHMS } from "./algorithm.ts";
import { toBase64Url } from "./base64url.ts";
import type { Change, FreshKey } from "./change_keyset.ts";
import { checkedTime } from "./checked_time.ts";
import { KeyringError } from "./errors.ts";
import { type KeyRecord, type KeysetRecord, parseKeysetRecord } from "./key_record.ts";
import { missingKeyset } from "./keyring_errors.ts";
import type { Keysets } from "./keysets.ts";
import { assertFollows, SeenEpochs } from "./seen_epochs.ts";

/** Options of {@link createKeysetStore}. */
export interface KeysetStoreOptions {
  readonly kv: ReliableKv;
  /** Records are stored at `[...prefix, "keyset", alg]`. */
  readonly prefix: KvKey;
  readonly issuer: string;
  /** [S] How far clocks may differ, in ms. */
  readonly clockSkew: number;
  /** Epochs below which a record is not believed, as after a restored backup. */
  readonly minimumEpochs: Partial<Record<Algorithm, number>>;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Makes a sealed key. */
  readonly makeKey: (alg: Algorithm) => Promise<FreshKey>;
  /** Seals a key's private half under the first key-encryption key. */
  readonly resealKey: (alg: Algorithm, key: KeyRecord) => Promise<KeyRecord>;
}

/** A {@link Change}, and which of the keys it leaves are to be sealed anew. */
export type StoredChange = Change & { readonly reseal?: readonly string[] };

/** Decides on a change of a keyset at a time; null when there is nothing to do. */
export type Decide = (record: KeysetRecord, now: number) => StoredChange | null;

/** A keyset after {@link KeysetStore.change}, among the others as read for it. */
export interface ChangeResult {
  readonly keysets: Keysets;
  readonly record: KeysetRecord;
  /** False when there was nothing to do. */
  readonly changed: boolean;
  /** When the read began that all this rests on, in ms since the epoch. */
  readonly readAt: number;
}

/** Keysets in the KV: read strongly, changed by one compare-and-swap. */
export interface KeysetStore {
  /** Every keyset, those of algorithms that are not configured included. */
  read(): Promise<Keysets>;
  /** Creates keysets if `expected` still says what exists. False: another was first. */
  create(algorithms: readonly Algorithm[], options: CreateOptions): Promise<boolean>;
  /** Changes one keyset by compare-and-swap, deciding anew whenever another was faster. */
  change(alg: Algorithm, decide: Decide): Promise<ChangeResult>;
}

/** Options of {@link KeysetStore.create}. */
export interface CreateOptions {
  /** True: no keyset of any algorithm may exist yet. False: only not these. */
  readonly first: boolean;
  readonly decide: (now: number) => Change;
}

// Every lost race means that another made progress; more than a few in a row is a fault.
const MAX_RACES = 10;

/** Makes a {@link KeysetStore}. It remembers epochs, so that no older record is ever used. */
export function createKeysetStore(options: KeysetStoreOptions): KeysetStore {
  return new Store(options);
}

class Store implements KeysetStore {
  readonly #options: KeysetStoreOptions;
  readonly #seen: SeenEpochs;

  constructor(options: KeysetStoreOptions) {
    this.#options = options;
    this.#seen = new SeenEpochs(options.minimumEpochs);
  }

  async read(): Promise<Keysets> {
    return (await this.#read()).keysets;
  }

  async create(algorithms: readonly Algorithm[], options: CreateOptions): Promise<boolean> {
    const made = await Promise.all(algorithms.map((alg) => this.#create(alg, options.decide)));
    const writeId = this.#writeId();
    const records = made.map((record) => ({ ...record, writeId }));
    const absent = options.first ? ALGORITHMS : algorithms;
    return await this.#options.kv.commit({
      checks: absent.map((alg) => ({ key: this.#key(alg), versionstamp: null })),
      sets: records.map((record) => ({ key: this.#key(record.alg), value: record })),
      witness: { key: this.#key(algorithms[0]!), writeId },
    });
  }

  async change(alg: Algorithm, decide: Decide): Promise<ChangeResult> {
    const fresh: FreshKey[] = [];
    for (let race = 0; race < MAX_RACES; race++) {
      const readAt = this.#options.now();
      const { keysets, entries } = await this.#read();
      const record = this.#existing(keysets, alg);
      const keys = await this.#decideKeys(record, { decide, fresh });
      if (keys === null) return { keysets, record, changed: false, readAt };
      const next = this.#nextRecord(record, keys);
      const { key, versionstamp } = entries[ALGORITHMS.indexOf(alg)]!;
      const committed = await this.#options.kv.commit({
        checks: [{ key, versionstamp }],
        sets: [{ key, value: next }],
        witness: { key, writeId: next.writeId },
      });
      if (!committed) continue;
      this.#seen.note(next);
      return { keysets: new Map(keysets).set(alg, next), record: next, changed: true, readAt };
    }
    throw new KeyringError(
      "keyset_contended",
      `Cannot change the ${alg} keyset: others changed it ${MAX_RACES} times meanwhile; try again`,
    );
  }

  async #read(): Promise<{ keysets: Keysets; entries: readonly KvEntry[] }> {
    const seen = this.#seen.now();
    const entries = await this.#options.kv.read(ALGORITHMS.map((alg) => this.#key(alg)));
    const keysets = new Map<Algorithm, KeysetRecord>();
    ALGORITHMS.forEach((alg, index) => {
      const record = this.#parse(alg, entries[index]!);
      assertFollows(record, { alg, seen });
      if (record === null) return;
      this.#seen.note(record);
      keysets.set(alg, record);
    });
    return { keysets, entries };
  }

  #parse(alg: Algorithm, { value, versionstamp }: KvEntry): KeysetRecord | null {
    if (versionstamp === null) return null;
    return parseKeysetRecord(value, { issuer: this.#options.issuer, alg });
  }

  #existing(keysets: Keysets, alg: Algorithm): KeysetRecord {
    const record = keysets.get(alg);
    if (record === undefined) throw missingKeyset(alg);
    return record;
  }

  async #create(
    alg: Algorithm,
    decide: (now: number) => Change,
  ): Promise<Omit<KeysetRecord, "writeId">> {
    const { keysNeeded } = decide(this.#time(0));
    const fresh = await this.#makeKeys(alg, keysNeeded);
    // Decided again after the generation, which takes its time: leads count from the publication.
    const now = this.#time(0);
    const keys = decide(now).apply(fresh);
    return { version: 1, issuer: this.#options.issuer, alg, epoch: 1, lastSeenTime: now, keys };
  }

  async #decideKeys(
    record: KeysetRecord,
    { decide, fresh }: { decide: Decide; fresh: FreshKey[] },
  ): Promise<readonly KeyRecord[] | null> {
    let change = decide(record, this.#time(record.lastSeenTime));
    while (change !== null && change.keysNeeded > fresh.length) {
      fresh.push(...await this.#makeKeys(record.alg, change.keysNeeded - fresh.length));
      change = decide(record, this.#time(record.lastSeenTime));
    }
    if (change === null) return null;
    const { reseal = [] } = change;
    return await Promise.all(
      change.apply(fresh).map((key) =>
        reseal.includes(key.kid) ? this.#options.resealKey(record.alg, key) : key
      ),
    );
  }

  #nextRecord(record: KeysetRecord, keys: readonly KeyRecord[]): KeysetRecord {
    const lastSeenTime = this.#time(record.lastSeenTime);
    return { ...record, epoch: record.epoch + 1, writeId: this.#writeId(), lastSeenTime, keys };
  }

  #makeKeys(alg: Algorithm, count: number): Promise<FreshKey[]> {
    return Promise.all(Array.from({ length: count }, () => this.#options.makeKey(alg)));
  }

  #time(lastSeenTime: number): number {
    const { now, clockSkew } = this.#options;
    return checkedTime(now(), { lastSeenTime, clockSkew });
  }

  #writeId(): string {
    return toBase64Url(this.#options.randomBytes(16));
  }

  #key(alg: Algorithm): KvKey {
    return [...this.#options.prefix, "keyset", alg];
  }
}
