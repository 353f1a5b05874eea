import { decodeValue, encodeValue } from "../../kv/encode_value.ts";
import type { Kv, KvAtomic, KvCheck, KvCommitResult, KvKey, RawKvEntry } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import type { KeysetRecord } from "../../keys/key_record.ts";
import { SECOND } from "../keys/support.ts";
import type { Hardship } from "./configurations.ts";
import { Network } from "./network.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import type { StepName } from "./tally.ts";

/** What a planted bug changes between the code and the store. */
export interface StoreSabotage {
  /** Commits forget their checks. */
  readonly withoutChecks?: boolean;
  /** What is written in place of a keyset. */
  readonly rewrite?: (record: KeysetRecord) => KeysetRecord;
}

/** Options of {@link SimulatedStore}. */
export interface SimulatedStoreOptions {
  readonly scheduler: Scheduler;
  readonly hardship: Hardship;
  readonly sabotage?: StoreSabotage;
  /** Called with every keyset that was really written, whatever the writer is told. */
  readonly onKeyset: (record: KeysetRecord, process: Process) => void;
  /** Called when a writer is told in time that another was faster, and it was itself. */
  readonly onLostReply: (record: KeysetRecord, process: Process) => void;
  readonly log: (line: () => string) => void;
}

interface Write {
  readonly key: KvKey;
  value: unknown;
  readonly expireIn?: number;
  readonly remove?: boolean;
}

interface Transaction {
  readonly checks: readonly KvCheck[];
  readonly writes: readonly Write[];
}

/** A KV in memory behind a {@link Network}, which loses replies and may show the past. */
export class SimulatedStore {
  readonly network: Network;
  readonly #options: SimulatedStoreOptions;
  readonly #kv: Kv;
  /** What each keyset was before its latest writes, for replicas that lag. */
  readonly #past = new Map<string, { until: number; entry: RawKvEntry }[]>();

  constructor(options: SimulatedStoreOptions) {
    this.#options = options;
    this.network = new Network(options.scheduler, options.hardship);
    this.#kv = memoryKv({ now: () => options.scheduler.now });
  }

  /** The store as one process reaches it. */
  connect(process: Process): Kv {
    const read = <T>(apply: () => Promise<T>) => this.#call(process, "store reply", apply);
    const getMany = (keys: readonly KvKey[]) =>
      read(async () => this.#perhapsLagging(await this.#kv.getMany(keys)));
    return {
      getMany,
      get: async (key) => (await getMany([key]))[0]!,
      list: async function* (this: SimulatedStore, ...query: Parameters<Kv["list"]>) {
        yield* await read(() => Array.fromAsync(this.#kv.list(...query)));
      }.bind(this),
      atomic: () => this.#atomic(process),
      close: () => void this.#options.scheduler.activity++,
    };
  }

  #call<T>(process: Process, reply: StepName, apply: () => Promise<T>): Promise<T> {
    return this.network.call({ process, reply, apply });
  }

  #atomic(process: Process): KvAtomic {
    const checks: KvCheck[] = [];
    const writes: Write[] = [];
    const operation: KvAtomic = {
      check: (...more) => (checks.push(...more), operation),
      set: (key, value, options) => (writes.push({ key, value, ...options }), operation),
      delete: (key) => (writes.push({ key, value: null, remove: true }), operation),
      commit: () => this.#commit(process, { checks, writes }),
    };
    return operation;
  }

  async #commit(process: Process, transaction: Transaction): Promise<KvCommitResult> {
    const { scheduler, hardship } = this.#options;
    const { random, now: sentAt } = scheduler;
    for (const write of transaction.writes) this.#sabotage(write);
    const isLost = hardship.mishaps && random.chance(this.network.odds.lostReply);
    const throws = random.chance(0.3);
    if (isLost) process.hinder(sentAt);
    const apply = () => this.#apply(process, transaction);
    const result = await this.#call(process, "commit reply", apply);
    if (!isLost || !result.ok) return result;
    return this.#lose({ process, writes: transaction.writes, throws, sentAt });
  }

  #lose(
    { process, writes, throws, sentAt }: {
      process: Process;
      writes: readonly Write[];
      throws: boolean;
      sentAt: number;
    },
  ): KvCommitResult {
    const { scheduler, hardship, log, onLostReply } = this.#options;
    const told = throws ? "a broken connection" : "a conflict";
    scheduler.tally.count(`lost reply, told as ${told}`);
    log(() => `${process.name} never hears that its commit was applied; it is told of ${told}`);
    if (throws) throw new TypeError("connection reset");
    // The client sends it again by itself, and the check fails by its own first write (hazard 2.2).
    const isInTime = hardship.lag === 0 && scheduler.now - sentAt < SECOND;
    for (const { key, value } of isInTime ? writes.filter(isKeyset) : []) {
      onLostReply(decodeValue(key, value) as KeysetRecord, process);
    }
    return { ok: false };
  }

  async #apply(process: Process, { checks, writes }: Transaction): Promise<KvCommitResult> {
    const { onKeyset, sabotage } = this.#options;
    const operation = this.#kv.atomic();
    if (!sabotage?.withoutChecks) operation.check(...checks);
    for (const { key, value, expireIn, remove } of writes) {
      if (remove) operation.delete(key);
      else operation.set(key, value, expireIn === undefined ? undefined : { expireIn });
    }
    const keysets = writes.filter(isKeyset);
    const before = await Promise.all(keysets.map(({ key }) => this.#kv.get(key)));
    const result = await operation.commit();
    if (!result.ok) return result;
    before.forEach((entry) => this.#remember(entry));
    for (const { key, value } of keysets) {
      onKeyset(decodeValue(key, value) as KeysetRecord, process);
    }
    return result;
  }

  #sabotage(write: Write): void {
    const { sabotage } = this.#options;
    if (!sabotage?.rewrite || !isKeyset(write)) return;
    const record = decodeValue(write.key, write.value) as KeysetRecord;
    write.value = encodeValue(sabotage.rewrite(record));
  }

  #remember(entry: RawKvEntry): void {
    const { now } = this.#options.scheduler;
    const name = JSON.stringify(entry.key);
    const kept = (this.#past.get(name) ?? []).filter(({ until }) => until > now - 10 * SECOND);
    this.#past.set(name, [...kept, { until: now, entry }]);
  }

  #perhapsLagging(entries: RawKvEntry[]): RawKvEntry[] {
    const { scheduler: { random, now, tally }, hardship } = this.#options;
    if (hardship.lag === 0 || !random.chance(this.network.odds.lag)) return entries;
    const asOf = now - random.int(0, hardship.lag);
    return entries.map((entry) => {
      const old = this.#past.get(JSON.stringify(entry.key))?.find(({ until }) => until > asOf);
      if (old !== undefined) tally.count("lagging read");
      return old?.entry ?? entry;
    });
  }
}

function isKeyset({ key }: Write): boolean {
  return key.at(-2) === "keyset";
}
