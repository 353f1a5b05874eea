import { nextTransition } from "../../keys/lifecycle.ts";
import { DAY, HOUR, KEK_A, KEK_B, MINUTE, SECOND } from "../keys/support.ts";
import type { Configuration } from "./configurations.ts";
import type { Isolate, IsolateParts, Release, ServedKeys, Token } from "./isolate.ts";
import { type IssuerIsolate, issuerIsolate } from "./issuer_isolate.ts";
import { keyringIsolate, type WrapReliableKv } from "./keyring_isolate.ts";
import { InvariantError, Oracle } from "./oracle.ts";
import { type Random, seededRandom } from "./random.ts";
import { CACHE_POLICIES, httpCache, type RelyingParty, relyingParty } from "./relying_parties.ts";
import { Process, Scheduler } from "./scheduler.ts";
import { SimulatedStore, type StoreSabotage } from "./simulated_store.ts";

/** A bug put in on purpose, to see that the simulation finds it. */
export interface Sabotage {
  readonly store?: StoreSabotage;
  readonly wrap?: WrapReliableKv;
}

/** Options of {@link World}. */
export interface WorldOptions {
  readonly configuration: Configuration;
  readonly seed: number;
  readonly sabotage?: Sabotage;
  /** Called with every line of the story. Default: nobody listens. */
  readonly onLine?: (line: string) => void;
}

const START = 1_800_000_000_123;
/** A request token lives a year, and a seed not longer. */
const LONGEST = 300 * DAY;

/** Each is a step that isolates of the one before can live with. */
const RELEASES: readonly Release[] = [
  { number: 0, algorithms: ["RS256"], keyEncryptionKeys: [KEK_A] },
  { number: 1, algorithms: ["RS256"], keyEncryptionKeys: [KEK_A, KEK_B] },
  { number: 2, algorithms: ["RS256", "ES256"], keyEncryptionKeys: [KEK_A, KEK_B] },
  { number: 3, algorithms: ["ES256", "RS256"], keyEncryptionKeys: [KEK_B, KEK_A] },
];

/** What isolates may refuse with while nothing hinders them. */
const ALWAYS_ALLOWED = ["key_not_yet_active", "key_unknown", "status_404"];
/** What they may refuse with when the store or the network fails. */
const ALLOWED_IN_FAULTS = ["kv_unavailable", "keys_stale", "keyset_contended"];

/** A number of isolates, a store, administrators and relying parties for one seed. */
export class World {
  readonly oracle: Oracle;
  readonly scheduler: Scheduler;
  readonly #configuration: Configuration;
  readonly #options: WorldOptions;
  readonly #random: Random;
  readonly #store: SimulatedStore;
  readonly #isolates: Isolate[] = [];
  readonly #parties: RelyingParty[] = [];
  /** Which kinds of events this seed has: some bugs show only where others are absent. */
  readonly #taste: Record<"admin" | "crash" | "freeze" | "faults" | "clocks" | "sleep", boolean>;
  #kids = 0;
  #names = 0;
  #requestToken = "";
  #oldestRelease = 0;
  #error: unknown;

  constructor(options: WorldOptions) {
    const { configuration, seed, sabotage } = options;
    this.#options = options;
    this.#configuration = configuration;
    this.#random = seededRandom(seed);
    this.scheduler = new Scheduler(this.#random, START);
    this.oracle = new Oracle(configuration, this.scheduler);
    this.#store = new SimulatedStore({
      scheduler: this.scheduler,
      hardship: configuration.hardship,
      sabotage: sabotage?.store,
      onKeyset: (record, process) => {
        this.#log(() =>
          `${process.name} writes ${record.alg} epoch ${record.epoch}: ` +
          record.keys.map((key) =>
            `${key.kid} ${key.notBefore - START}..${key.retireAt && key.retireAt - START}` +
            `..${key.removeAt && key.removeAt - START}${key.compromisedAt ? " compromised" : ""}`
          ).join(", ")
        );
        this.oracle.onKeyset(record, process);
      },
      onLostReply: (record, process) => {
        if (!configuration.issuer) this.oracle.onLostReply(record, process);
      },
      log: (line) => this.#log(line),
    });
    const often = () => this.#random.chance(0.6);
    this.#taste = {
      ...{ admin: often(), crash: often(), freeze: often() },
      ...{ faults: often(), clocks: often(), sleep: often() },
    };
    this.scheduler.onStep = () => this.#check();
  }

  /** Lives through a number of events, and comes to rest. Throws {@link InvariantError}. */
  async run(events: number): Promise<void> {
    await this.#begin();
    for (let event = 0; event < events && this.#elapsed() < LONGEST; event++) {
      await this.#runUntil(this.scheduler.now + this.#gap());
      this.#happen();
      this.oracle.check(this.#processes());
      this.#check();
    }
    await this.#end();
  }

  /** How long the seed's story is, in ms. */
  get elapsed(): number {
    return this.#elapsed();
  }

  #elapsed(): number {
    return this.scheduler.now - START;
  }

  async #begin(): Promise<void> {
    const count = this.#random.int(1, 4);
    for (let index = 0; index < count; index++) this.#isolates.push(this.#start());
    if (this.#configuration.issuer) await this.#register();
    const shared = httpCache(() => this.#fetchKeys(), this.#cacheOptions());
    for (const policy of CACHE_POLICIES) {
      const direct = () => this.#fetchKeys();
      const fetchKids = this.#random.chance(0.5) ? shared : direct;
      this.#parties.push(relyingParty(policy, { fetchKids, scheduler: this.scheduler }));
    }
    // The first boot is a race of all of them.
    for (const isolate of this.#isolates) this.#serve(isolate);
  }

  async #register(): Promise<void> {
    const isolate = this.#isolates[0] as IssuerIsolate;
    const registered = this.#ask(isolate, () => isolate.register(), { isSure: true });
    await this.#runUntil(this.scheduler.now + MINUTE);
    this.#requestToken = (await registered)!;
  }

  /** Everything works again, and what was asked for is answered. */
  async #end(): Promise<void> {
    this.#store.heal();
    await this.#runUntil(this.scheduler.now + HOUR);
    for (const isolate of this.#isolates) {
      this.#mint(isolate);
      this.#maintain(isolate);
    }
    await this.#runUntil(this.scheduler.now + 3 * HOUR);
    for (const isolate of this.#isolates) isolate.process.crash();
    await this.#runUntil(this.scheduler.now + DAY);
  }

  #cacheOptions() {
    return { maxAge: this.#configuration.policy.jwksMaxAge, scheduler: this.scheduler };
  }

  #start(): Isolate {
    const { clockSkew } = this.#configuration.policy;
    const process = new Process(`i${++this.#names}`);
    process.skew = this.#random.int(-clockSkew / 2, clockSkew / 2);
    const parts: IsolateParts = {
      configuration: this.#configuration,
      scheduler: this.scheduler,
      process,
      kv: this.#store.connect(process),
      release: this.#release(),
      nextKid: () => `k${++this.#kids}`,
      log: (line) => this.#log(line),
      onChange: (change) => this.oracle.onReported(change, process),
    };
    this.#log(() => `${process.name} starts with its clock off by ${process.skew} ms`);
    return this.#configuration.issuer
      ? issuerIsolate(parts, () => this.#requestToken)
      : keyringIsolate(parts, this.#options.sabotage?.wrap);
  }

  /** What a new isolate runs: a later release than the oldest one alive by one at most. */
  #release(): Release {
    const running = this.#isolates.filter(({ process }) => process.alive)
      .map(({ release }) => release.number);
    // Where all are dead, the last oldest one counts: a release is not taken back.
    if (running.length > 0) this.#oldestRelease = Math.min(...running);
    if (!this.#configuration.deployments) return RELEASES[0]!;
    const number = Math.min(RELEASES.length - 1, this.#oldestRelease + this.#random.int(0, 1));
    return RELEASES[number]!;
  }

  /** Time until the next event: together, apart, asleep, or at the brink of a change. */
  #gap(): number {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.3) return random.int(0, 50);
    if (kind < 0.55) return random.int(0, 70 * SECOND);
    if (kind < 0.7) return random.int(MINUTE, 90 * MINUTE);
    if (kind < 0.76) return random.int(HOUR, 30 * HOUR);
    if (kind < 0.78 && this.#taste.sleep) return random.int(DAY, this.#configuration.sleep);
    const brink = this.#brink();
    if (brink === Infinity || brink > this.#configuration.sleep) return random.int(0, HOUR);
    const { clockSkew } = this.#configuration.policy;
    return Math.max(0, brink + random.int(-clockSkew, 2 * clockSkew));
  }

  #brink(): number {
    const { now } = this.scheduler;
    const records = [...this.oracle.latest.values()];
    return Math.min(...records.map(({ keys }) => nextTransition(keys, now + MINUTE))) - now;
  }

  #happen(): void {
    const random = this.#random;
    const isolate = random.pick(this.#isolates);
    const kind = random.next();
    if (kind < 0.42) this.#mint(isolate);
    else if (kind < 0.6) this.#serve(isolate);
    else if (kind < 0.7) this.#maintain(isolate);
    else if (kind < 0.78) this.#administer(isolate);
    else if (kind < 0.84) this.#crash(isolate);
    else if (kind < 0.88) this.#freeze(isolate);
    else if (kind < 0.92) this.#stepClock(isolate);
    else this.#trouble(isolate);
    // What isolates do at the same time is where races are.
    if (random.chance(0.25)) this.#happen();
  }

  #administer(isolate: Isolate): void {
    if (!this.#taste.admin) return;
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.4) {
      if (!this.#configuration.haste) return;
      void this.#ask(isolate, () => isolate.rotate({ emergency: false }));
    } else if (kind < 0.75) {
      void this.#ask(isolate, () => isolate.rotate({ emergency: true }));
    } else {
      const kid = this.#anyKid();
      if (kid !== undefined) void this.#ask(isolate, () => isolate.revoke(kid));
    }
    this.#afterwards();
  }

  /** Any kid; where haste is off, none of a key that has not signed yet. */
  #anyKid(): string | undefined {
    const { now } = this.scheduler;
    const kids = [...this.oracle.keys].filter(([, { record }]) =>
      this.#configuration.haste || record.notBefore < now - DAY
    ).map(([kid]) => kid).slice(-6);
    return kids.length === 0 ? undefined : this.#random.pick(kids);
  }

  /** Looks closely at the time in which a change comes into force. */
  #afterwards(): void {
    const { scheduler } = this;
    for (let time = 0; time < 6; time++) {
      const at = scheduler.now + this.#random.pick([SECOND, 30 * SECOND, 61 * SECOND, 3 * MINUTE]) +
        this.#random.int(0, 2 * SECOND);
      const isolate = this.#random.pick(this.#isolates);
      const act = this.#random.chance(0.6) ? this.#mint : this.#serve;
      scheduler.at(at, () => act.call(this, isolate));
    }
  }

  #crash(isolate: Isolate): void {
    const { process } = isolate;
    if (!this.#taste.crash) return;
    const index = this.#isolates.indexOf(isolate);
    // At its next few steps, so in the middle of what it is doing, or at once.
    process.stepsToLive = this.#random.int(0, 12);
    this.#log(() => `${process.name} has ${process.stepsToLive} steps to live`);
    if (this.#random.chance(0.5)) this.#maintain(isolate);
    const after = this.#random.int(0, MINUTE);
    this.scheduler.at(this.scheduler.now + after, () => {
      process.crash();
      this.#isolates[index] = this.#start();
    });
  }

  #freeze({ process }: Isolate): void {
    const { freeze } = this.#configuration.hardship;
    if (!this.#taste.freeze || freeze === 0) return;
    process.freeze(this.scheduler.now + this.#random.int(0, freeze));
    this.#log(() => `${process.name} stands still until ${process.frozenUntil - START}`);
  }

  #stepClock({ process }: Isolate): void {
    const { hardship, policy: { clockSkew } } = this.#configuration;
    if (!this.#taste.clocks || !hardship.clockSteps) return;
    const skew = this.#random.int(-clockSkew / 2, clockSkew / 2);
    if (skew < process.skew) process.lastStepBackAt = this.scheduler.now;
    process.skew = skew;
    this.#log(() => `${process.name} has its clock off by ${skew} ms now`);
  }

  #trouble({ process }: Isolate): void {
    if (!this.#taste.faults) return;
    const { outage, mishaps, failures, late, lag } = this.#configuration.hardship;
    const random = this.#random;
    if (outage > 0 && random.chance(0.4)) {
      const until = this.scheduler.now + random.int(SECOND, random.pick([MINUTE, outage]));
      const whose = random.chance(0.5) ? process : undefined;
      this.#log(() => `the store fails ${whose?.name ?? "everyone"} until ${until - START}`);
      this.#store.fail(until, whose);
      return;
    }
    const { odds } = this.#store;
    const level = () => random.pick([0, 0, 0.05, 0.3]);
    Object.assign(odds, { slow: level() / 3, late: late > 0 ? level() / 3 : 0 });
    if (mishaps) Object.assign(odds, { locked: level(), lostReply: level() });
    if (failures) odds.broken = level() / 3;
    if (lag > 0) odds.lag = random.pick([0, 0.3, 0.9]);
    this.#log(() => `the store's odds are ${JSON.stringify(odds)}`);
  }

  #maintain(isolate: Isolate): void {
    void this.#ask(isolate, () => isolate.maintain());
  }

  #mint(isolate: Isolate): void {
    const { maxTokenLifetime } = this.#configuration;
    const lifetime = this.#random.pick([5 * MINUTE, maxTokenLifetime]);
    const alg = this.#random.pick(isolate.release.algorithms);
    void this.#ask(isolate, async () => {
      const token = await isolate.mint(alg, lifetime);
      this.#log(() => `${isolate.process.name} mints a token by ${token.kid}`);
      this.oracle.onMinted(token, isolate.process);
      this.#present(token);
    });
  }

  /** Shows a token to two relying parties, each at its own time: now, meanwhile, or at the end. */
  #present(token: Token): void {
    const { now } = this.scheduler;
    const end = token.expiresAt + this.#configuration.policy.leeway;
    for (let time = 0; time < 2; time++) {
      const party = this.#random.pick(this.#parties);
      const at = this.#random.pick([now, this.#random.int(now, end), end - SECOND]);
      this.scheduler.at(at, () => void this.#verify(party, token));
    }
    // One who got hold of a compromised key goes on with it.
    const later = now + this.#random.int(0, 3 * DAY);
    const party = this.#random.pick(this.#parties);
    this.scheduler.at(later, () => void this.#verify(party, token));
  }

  async #verify({ policy, accepts }: RelyingParty, token: Token): Promise<void> {
    const accepted = await accepts(token.kid);
    if (accepted === undefined) return;
    this.#log(() => `${policy.name} ${accepted ? "takes" : "refuses"} a token by ${token.kid}`);
    this.oracle.onVerdict({ token, policy, accepted });
  }

  #serve(isolate: Isolate): void {
    void this.#ask(isolate, () => this.#keysOf(isolate));
  }

  async #keysOf(isolate: Isolate): Promise<ServedKeys> {
    const keys = await isolate.keys();
    this.#log(() => `${isolate.process.name} serves ${keys.kids} (age ${keys.age})`);
    this.oracle.onServed(keys, isolate.process);
    return keys;
  }

  /** A JWKS from any isolate, or undefined when it gives none within five seconds. */
  async #fetchKeys(): Promise<ReadonlySet<string> | undefined> {
    const isolate = this.#random.pick(this.#isolates);
    const answer = this.#ask(isolate, () => this.#keysOf(isolate));
    const keys = await Promise.race([answer, this.scheduler.sleep(5 * SECOND)]);
    return keys ? new Set(keys.kids) : undefined;
  }

  /** Asks an isolate by a request that takes its time; undefined when it refuses, never if it dies. */
  #ask<T>(
    { process }: Isolate,
    action: () => Promise<T>,
    { isSure = false } = {},
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      const begin = async () => {
        try {
          resolve(await action());
        } catch (error) {
          if (isSure) this.#error ??= error;
          this.#judge(error, process);
          resolve(undefined);
        }
      };
      this.scheduler.at(this.scheduler.now + this.#random.int(0, 50), begin, process);
    });
  }

  #judge(error: unknown, process: Process): void {
    if (error instanceof InvariantError) return;
    const code = String((error as { code?: unknown }).code);
    this.#log(() => `${process.name} refuses: ${error}`);
    const { hardship, policy } = this.#configuration;
    if (ALWAYS_ALLOWED.includes(code)) return;
    // A clock that goes back makes the pause after a failed load longer.
    const { clockSteps } = hardship;
    const pause = 20 * SECOND + (clockSteps ? policy.clockSkew : 0);
    const hindered = this.scheduler.now < process.lastFaultAt + pause;
    if (hindered && ALLOWED_IN_FAULTS.includes(code)) return;
    if (
      hardship.lag > 0 &&
      [...ALLOWED_IN_FAULTS, "keyset_epoch_regressed", "keyset_missing"].includes(code)
    ) {
      return;
    }
    this.#error ??= new InvariantError(`${process.name} refuses without a reason: ${error}`);
  }

  async #runUntil(time: number): Promise<void> {
    await this.scheduler.runUntil(time);
  }

  #processes(): Process[] {
    return this.#isolates.map(({ process }) => process).filter(({ alive }) => alive);
  }

  #check(): void {
    const error = this.oracle.violation ?? this.#error;
    if (error !== undefined) throw error;
  }

  #log(line: () => string): void {
    this.#options.onLine?.(`${((this.scheduler.now - START) / SECOND).toFixed(3)} s: ${line()}`);
  }
}
