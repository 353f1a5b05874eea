import { SECOND } from "../keys/support.ts";
import type { KeysetRecord } from "../../keys/key_record.ts";
import type { Configuration } from "./configurations.ts";
import { InvariantError } from "./facts.ts";
import type { Isolate, IsolateParts, Release } from "./isolate.ts";
import { type IssuerIsolate, issuerIsolate } from "./issuer_isolate.ts";
import { keyringIsolate, type WrapReliableKv } from "./keyring_isolate.ts";
import { Oracle } from "./oracle.ts";
import { Process } from "./process.ts";
import { type Random, seededRandom } from "./random.ts";
import { isExpected } from "./refusals.ts";
import { releaseOf } from "./releases.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedStore, type StoreSabotage } from "./simulated_store.ts";

/** A bug put in on purpose, to see that the simulation finds it. */
export interface Sabotage {
  readonly store?: StoreSabotage;
  readonly wrap?: WrapReliableKv;
}

/** Options of {@link Cluster}. */
export interface ClusterOptions {
  readonly configuration: Configuration;
  readonly seed: number;
  readonly sabotage?: Sabotage;
  /** Called with every line of the story. Default: nobody listens. */
  readonly onLine?: (line: string) => void;
}

/** When every story begins, between two seconds. */
const START = 1_800_000_000_123;

/** Isolates on one store and one time line, under the eyes of an oracle. */
export class Cluster {
  readonly configuration: Configuration;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly oracle: Oracle;
  readonly store: SimulatedStore;
  readonly isolates: Isolate[] = [];
  readonly #options: ClusterOptions;
  #kids = 0;
  #names = 0;
  #requestToken = "";
  #error: unknown;

  constructor(options: ClusterOptions) {
    const { configuration, seed, sabotage } = options;
    this.#options = options;
    this.configuration = configuration;
    this.random = seededRandom(seed);
    this.scheduler = new Scheduler(this.random, START);
    this.oracle = new Oracle(configuration, this.scheduler);
    this.store = new SimulatedStore({
      scheduler: this.scheduler,
      hardship: configuration.hardship,
      sabotage: sabotage?.store,
      onKeyset: (record, process) => {
        this.log(() => `${process.name} writes ${describe(record)}`);
        this.oracle.onKeyset(record, process);
      },
      onLostReply: (record, process) => {
        if (!configuration.issuer) this.oracle.onLostReply(record, process);
      },
      log: (line) => this.log(line),
    });
    this.scheduler.onStep = () => {
      this.oracle.check(this.living.map(({ process }) => process));
      this.check();
    };
  }

  /** Ms since the beginning. */
  get elapsed(): number {
    return this.scheduler.now - START;
  }

  get living(): Isolate[] {
    return this.isolates.filter(({ process }) => process.alive);
  }

  /** Starts an isolate, which still has to be counted among {@link isolates}. */
  start(release: Release = releaseOf(0)): Isolate {
    const { clockSkew } = this.configuration.policy;
    const process = new Process(`i${++this.#names}`);
    process.skew = this.random.int(-clockSkew / 2, clockSkew / 2);
    const parts: IsolateParts = {
      configuration: this.configuration,
      scheduler: this.scheduler,
      process,
      kv: this.store.connect(process),
      release,
      nextKid: () => `k${++this.#kids}`,
      log: (line) => this.log(line),
      onChange: (change) => this.oracle.onReported(change, process),
    };
    this.log(() => `${process.name} starts with its clock off by ${process.skew} ms`);
    return this.scheduler.as(
      process,
      () =>
        this.configuration.issuer
          ? issuerIsolate(parts, () => this.#requestToken)
          : keyringIsolate(parts, this.#options.sabotage?.wrap),
    );
  }

  /** Registers the workload that asks for tokens, where isolates are issuers. */
  async register(): Promise<void> {
    if (!this.configuration.issuer) return;
    const isolate = this.isolates[0] as IssuerIsolate;
    const registered = this.ask(isolate, () => isolate.register(), { isSure: true });
    await this.run(60 * SECOND);
    this.#requestToken = (await registered)!;
  }

  /** Lets time pass. */
  async run(ms: number): Promise<void> {
    await this.scheduler.runUntil(this.scheduler.now + ms);
    this.check();
  }

  /** Asks an isolate by a request that takes its time; undefined when it refuses, never if it dies. */
  ask<T>(
    { process }: Isolate,
    action: () => Promise<T>,
    { isSure = false } = {},
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      const begin = async () => {
        process.unanswered++;
        try {
          resolve(await action());
        } catch (error) {
          if (isSure) this.#error ??= error;
          this.#judge(error, process);
          resolve(undefined);
        } finally {
          process.unanswered--;
        }
      };
      const at = this.scheduler.now + this.random.int(0, 50);
      this.scheduler.at(at, begin, { process, name: "request" });
    });
  }

  #judge(error: unknown, process: Process): void {
    if (error instanceof InvariantError) return;
    this.log(() => `${process.name} refuses: ${error}`);
    if (isExpected(error, { process, facts: this.oracle.facts })) return;
    this.#error ??= new InvariantError(`${process.name} refuses without a reason: ${error}`);
  }

  /** Throws what was found to be wrong. */
  check(): void {
    const error = this.oracle.facts.violation ?? this.#error;
    if (error !== undefined) throw error;
  }

  log(line: () => string): void {
    this.#options.onLine?.(`${(this.elapsed / SECOND).toFixed(3)} s: ${line()}`);
  }
}

function describe({ alg, epoch, keys }: KeysetRecord): string {
  const since = (time: number | null) => time === null ? "" : (time - START) / SECOND;
  const shown = keys.map(({ kid, notBefore, retireAt, removeAt, compromisedAt }) =>
    `${kid} ${since(notBefore)}..${since(retireAt)}..${since(removeAt)}` +
    (compromisedAt === null ? "" : " compromised")
  );
  return `${alg} epoch ${epoch}: ${shown.join(", ")}`;
}
