import { setImmediate } from "node:timers";
import { type Due, Heap } from "./heap.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";
import { type StepName, Tally } from "./tally.ts";

/** Whose step something is, and of which kind. */
export interface Step {
  readonly process: Process | undefined;
  readonly name: StepName;
}

interface Item extends Due {
  at: number;
  order: number;
  readonly step: Step | undefined;
  run: (() => void) | undefined;
}

/** How many rounds of microtasks without a call into the simulation count as rest. */
const QUIET_ROUNDS = 64;
/** How many turns of the real event loop a module may take to load. */
const MOST_TURNS = 100_000;

/** One virtual time line, on which every await of the simulated programs ends at a seeded moment. */
export class Scheduler {
  readonly random: Random;
  /** The true time, ms since the epoch. */
  now: number;
  /** The process whose step runs. */
  current: Process | undefined;
  /** Grows with everything that simulated code does, so that its coming to rest can be seen. */
  activity = 0;
  /** Called after every step. */
  onStep: () => void = () => {};
  steps = 0;
  /** Counts what happened. */
  readonly tally = new Tally();
  readonly #due = new Heap<Item>();

  constructor(random: Random, start: number) {
    this.random = random;
    this.now = start;
  }

  /** Runs something later, as a step if one is named. Returns what cancels it. */
  at(time: number, run: () => void, step?: Step): () => void {
    this.activity++;
    const at = Math.max(Math.ceil(time), this.now);
    // Random, so that what is due at once happens in any order, and the same by the same seed.
    const item: Item = { at, order: this.random.next(), step, run };
    this.#due.push(item);
    if (step?.process) step.process.due++;
    return () => this.#cancel(item);
  }

  #cancel(item: Item): void {
    if (item.run !== undefined && item.step?.process) item.step.process.due--;
    item.run = undefined;
  }

  /** Resolves after a time: by a step, if one is named. */
  sleep(ms: number, step?: Step): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve, step));
  }

  /** As {@link sleep}, and at once when aborted. */
  sleepUnless(ms: number, signal: AbortSignal, step?: Step): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.at(this.now + ms, resolve, step);
      signal.addEventListener("abort", () => (cancel(), resolve()));
    });
  }

  /** Does something as a process would, outside of its steps. */
  as<T>(process: Process, action: () => T): T {
    const before = this.current;
    this.current = process;
    try {
      return action();
    } finally {
      this.current = before;
    }
  }

  /** Takes every step that is due until a time, and is there then. */
  async runUntil(time: number): Promise<void> {
    for (;;) {
      const item = this.#due.first;
      if (item === undefined || item.at > time) break;
      this.#due.pop();
      await this.#take(item);
    }
    this.now = Math.max(this.now, time);
  }

  async #take(item: Item): Promise<void> {
    const { run, step } = item;
    if (run === undefined) return;
    this.now = item.at;
    if (!this.#mayTake(item)) return;
    this.#cancel(item);
    this.current = step?.process;
    this.steps++;
    run();
    await this.rest();
    await this.#waitForMachine();
    this.current = undefined;
    this.onStep();
  }

  #mayTake(item: Item): boolean {
    const { process, name } = item.step ?? {};
    if (process === undefined) return true;
    if (!process.alive) return false;
    if (process.frozenUntil > this.now) {
      this.tally.count("stands still");
      Object.assign(item, { at: process.frozenUntil, order: this.random.next() });
      this.#due.push(item);
      return false;
    }
    if (process.stepsToLive !== undefined && process.stepsToLive-- <= 0) {
      this.tally.count(`crash before ${name}`);
      process.crash();
      return false;
    }
    return true;
  }

  /** Waits until no simulated code has anything left to do but wait. */
  async rest(): Promise<void> {
    for (let seen = -1; seen !== this.activity;) {
      seen = this.activity;
      for (let round = 0; round < QUIET_ROUNDS; round++) await null;
    }
  }

  /**
   * A process that owes an answer and waits for nothing that is due waits for the machine, as for a
   * module that is loaded: time stands still meanwhile.
   */
  async #waitForMachine(): Promise<void> {
    const process = this.current;
    for (let turn = 0; process?.alive && process.unanswered > 0 && process.due === 0; turn++) {
      if (turn > MOST_TURNS) {
        throw new Error(`${process.name} owes an answer and waits for nothing`);
      }
      await new Promise((resolve) => setImmediate(resolve));
      await this.rest();
    }
  }
}
