import { SECOND } from "../keys/support.ts";
import { type Hardship, SLOW } from "./configurations.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import type { StepName } from "./tally.ts";

interface Outage {
  readonly until: number;
  /** Undefined: every process. */
  readonly process: Process | undefined;
}

/** A call of the store: what it does there, and whose step its reply is. */
export interface StoreCall<T> {
  readonly process: Process;
  readonly reply: StepName;
  readonly apply: () => Promise<T>;
}

/** What lies between isolates and their store: it delays, refuses, breaks and is out of order. */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #hardship: Hardship;
  #outages: Outage[] = [];
  /** How likely each mishap is now. */
  readonly odds = { locked: 0, lostReply: 0, broken: 0, slow: 0, late: 0, lag: 0 };

  constructor(scheduler: Scheduler, hardship: Hardship) {
    this.#scheduler = scheduler;
    this.#hardship = hardship;
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

  /** One call: on its way, applied, and its reply on its way back. */
  async call<T>({ process, reply, apply }: StoreCall<T>): Promise<T> {
    const scheduler = this.#scheduler;
    await scheduler.sleep(this.#latency(process));
    await this.#waitUntilUp(process);
    await this.#perhapsFail(process);
    if (!process.alive && this.#isLostWithItsSender()) return await new Promise<never>(() => {});
    const result = await apply();
    await scheduler.sleep(this.#latency(process));
    await scheduler.sleep(0, { process, name: reply });
    return result;
  }

  /** What a process sent before it died may still arrive. */
  #isLostWithItsSender(): boolean {
    const { random, tally } = this.#scheduler;
    const isLost = random.chance(0.5);
    tally.count(`crash with a call on its way that ${isLost ? "is lost" : "arrives"}`);
    return isLost;
  }

  async #waitUntilUp(process: Process): Promise<void> {
    const scheduler = this.#scheduler;
    for (let until = this.#downUntil(process); until > scheduler.now;) {
      process.hinder(until + 3 * SECOND);
      await scheduler.sleep(until - scheduler.now + scheduler.random.int(0, 3 * SECOND));
      until = this.#downUntil(process);
    }
  }

  #downUntil(process: Process): number {
    const { now, tally } = this.#scheduler;
    this.#outages = this.#outages.filter(({ until }) => until > now);
    const hit = this.#outages.filter((outage) => (outage.process ?? process) === process);
    for (const outage of hit) tally.count(`outage for ${outage.process ? "one" : "all"}`);
    return Math.max(-Infinity, ...hit.map(({ until }) => until));
  }

  async #perhapsFail(process: Process): Promise<void> {
    const { random } = this.#scheduler;
    const { mishaps, failures } = this.#hardship;
    if (mishaps && random.chance(this.odds.locked)) {
      await this.#fail(process, "locked file", "database is locked");
    }
    if (failures && random.chance(this.odds.broken)) {
      await this.#fail(process, "broken connection", "connection reset");
    }
  }

  async #fail(process: Process, fault: string, message: string): Promise<never> {
    const scheduler = this.#scheduler;
    process.hinder(scheduler.now);
    scheduler.tally.count(fault);
    await scheduler.sleep(1, { process, name: "store error" });
    throw new TypeError(message);
  }

  #latency(process: Process): number {
    const { random, now, tally } = this.#scheduler;
    const { late, failures } = this.#hardship;
    if (late > 0 && random.chance(this.odds.late)) {
      // Whoever sent it has given up by then; only the store still has to do with it.
      process.hinder(now + 3 * SECOND);
      tally.count("late call");
      return random.int(SLOW, late);
    }
    if (!random.chance(this.odds.slow)) return random.int(0, 20);
    const slow = failures ? random.int(100, 4 * SECOND) : random.int(10, 400);
    process.hinder(now + slow);
    tally.count("slow call");
    return slow;
  }
}
