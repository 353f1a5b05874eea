import { decodeValue, encodeValue } from "../../kv/encode_value.ts";
import type { Kv, KvAtomic, KvCheck, KvCommitResult, KvKey, RawKvEntry } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import type { KeysetRecord } from "../../keys/key_record.ts";
import { SECOND } from "../keys/support.ts";
import { type Hardship, SLOW } from "./configurations.ts";
import type { Process, Scheduler } from "./scheduler.ts";

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

interface Outage {
  readonly until: number;
  /** Undefined: every process. */
  readonly process: Process | undefined;
}

interface Write {
  readonly key: KvKey;
  value: unknown;
  readonly expireIn?: number;
  readonly remove?: boolean;
}

/** A KV in memory behind a network that delays, loses, repeats and refuses. */
export class SimulatedStore {
  readonly #options: SimulatedStoreOptions;
  readonly #kv: Kv;
  #outages: Outage[] = [];
  /** What each keyset was before its latest writes, for replicas that lag. */
  readonly #past = new Map<string, { until: number; entry: RawKvEntry }[]>();
  /** How likely each mishap is now. */
  readonly odds = { locked: 0, lostReply: 0, broken: 0, slow: 0, late: 0, lag: 0 };

  constructor(options: SimulatedStoreOptions) {
    this.#options = options;
    this.#kv = memoryKv({ now: () => options.scheduler.now });
  }

  /** The store does not answer until a time; calls sent meanwhile are retried by the client. */
  fail(until: number, process?: Process): void {
    this.#outages.push({ until, process });
  }

  /** Ends every fault. */
  heal(): void {
    this.#outages = [];
    for (const name of Object.keys(this.odds)) this.odds[name as keyof typeof this.odds] = 0;
  }

  /** The store as one process reaches it. */
  connect(process: Process): Kv {
    const call = <T>(apply: () => Promise<T>) => this.#call(process, apply);
    const getMany = (keys: readonly KvKey[]) =>
      call(async () => this.#perhapsLagging(await this.#kv.getMany(keys)));
    const { scheduler } = this.#options;
    return {
      getMany,
      get: async (key) => (await getMany([key]))[0]!,
      list: (selector, options) => this.#list(() => this.#kv.list(selector, options), call),
      atomic: () => this.#atomic(process),
      close: () => void scheduler.activity++,
    };
  }

  async *#list(
    list: () => AsyncIterable<RawKvEntry>,
    call: <T>(apply: () => Promise<T>) => Promise<T>,
  ): AsyncGenerator<RawKvEntry> {
    yield* await call(() => Array.fromAsync(list()));
  }

  /** One call: on its way, applied, and its reply on its way back. */
  async #call<T>(process: Process, apply: () => Promise<T>): Promise<T> {
    const { scheduler, hardship } = this.#options;
    const { random } = scheduler;
    await scheduler.sleep(this.#latency(process));
    for (let until = this.#downUntil(process); until > scheduler.now;) {
      process.hinder(until + 3 * SECOND);
      await scheduler.sleep(until - scheduler.now + random.int(0, 3 * SECOND));
      until = this.#downUntil(process);
    }
    if (hardship.mishaps && random.chance(this.odds.locked)) {
      process.hinder(scheduler.now);
      await scheduler.sleep(1, process);
      throw new TypeError("database is locked");
    }
    if (hardship.failures && random.chance(this.odds.broken)) {
      process.hinder(scheduler.now);
      await scheduler.sleep(1, process);
      throw new TypeError("connection reset");
    }
    // What a process sent before it died may still arrive.
    if (!process.alive && random.chance(0.5)) return await new Promise<never>(() => {});
    const reply = await apply();
    await scheduler.sleep(this.#latency(process));
    await scheduler.sleep(0, process);
    return reply;
  }

  #latency(process: Process): number {
    const { scheduler: { random, now }, hardship } = this.#options;
    if (hardship.late > 0 && random.chance(this.odds.late)) {
      // Whoever sent it has given up by then; only the store still has to do with it.
      process.hinder(now + 3 * SECOND);
      return random.int(SLOW, hardship.late);
    }
    if (random.chance(this.odds.slow)) {
      const slow = hardship.failures ? random.int(100, 4 * SECOND) : random.int(10, 400);
      process.hinder(now + slow);
      return slow;
    }
    return random.int(0, 20);
  }

  #downUntil(process: Process): number {
    const { now } = this.#options.scheduler;
    this.#outages = this.#outages.filter(({ until }) => until > now);
    const hit = this.#outages.filter((outage) => (outage.process ?? process) === process);
    return Math.max(-Infinity, ...hit.map(({ until }) => until));
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

  async #commit(
    process: Process,
    { checks, writes }: { checks: readonly KvCheck[]; writes: Write[] },
  ): Promise<KvCommitResult> {
    const { scheduler: { random, now }, hardship, log, onLostReply } = this.#options;
    for (const write of writes) this.#sabotage(write);
    const lost = hardship.mishaps && random.chance(this.odds.lostReply);
    const throws = random.chance(0.3);
    if (lost) process.hinder(now);
    const result = await this.#call(process, () => this.#apply(process, { checks, writes }));
    if (!lost || !result.ok) return result;
    log(() => `${process.name} never hears that its commit was applied`);
    if (throws) throw new TypeError("connection reset");
    // The client sends it again by itself, and the check fails by its own first write (hazard 2.2).
    const isHeard = hardship.lag === 0 && this.#options.scheduler.now - now < SECOND;
    for (const { key, value } of isHeard ? writes.filter(isKeyset) : []) {
      onLostReply(decodeValue(key, value) as KeysetRecord, process);
    }
    return { ok: false };
  }

  async #apply(
    process: Process,
    { checks, writes }: { checks: readonly KvCheck[]; writes: readonly Write[] },
  ): Promise<KvCommitResult> {
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
    const { scheduler: { random, now }, hardship } = this.#options;
    if (hardship.lag === 0 || !random.chance(this.odds.lag)) return entries;
    const asOf = now - random.int(0, hardship.lag);
    return entries.map((entry) =>
      this.#past.get(JSON.stringify(entry.key))?.find(({ until }) => until > asOf)?.entry ?? entry
    );
  }
}

function isKeyset({ key }: Write): boolean {
  return key.at(-2) === "keyset";
}
