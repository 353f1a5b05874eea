import type { Random } from "./random.ts";

/** An isolate as the scheduler sees it: it can die, or stand still while time goes on. */
export class Process {
  readonly name: string;
  /** How far its clock is from the true time, in ms. */
  skew = 0;
  alive = true;
  frozenUntil = 0;
  /** It dies instead of taking this many steps more; undefined: it does not. */
  stepsToLive: number | undefined;
  /** When one of its calls last met a fault, and when its clock last went back. */
  lastFaultAt = -Infinity;
  lastStepBackAt = -Infinity;

  constructor(name: string) {
    this.name = name;
  }

  /** What it does until some time after this may fail, and is no fault of its own. */
  hinder(until: number): void {
    this.lastFaultAt = Math.max(this.lastFaultAt, until);
  }

  freeze(until: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, until);
    this.hinder(until);
  }

  crash(): void {
    this.alive = false;
  }
}

interface Item {
  readonly at: number;
  /** Random, so that what is due at once happens in any order; then by age, so that it is repeatable. */
  readonly order: number;
  readonly process: Process | undefined;
  run: (() => void) | undefined;
}

/** How many rounds of microtasks without a call into the simulation count as rest. */
const QUIET_ROUNDS = 64;

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
  readonly #heap: Item[] = [];
  #outside: Promise<unknown> | undefined;

  constructor(random: Random, start: number) {
    this.random = random;
    this.now = start;
  }

  /** Runs something later; with a process, as a step of it. Returns what cancels it. */
  at(time: number, run: () => void, process?: Process): () => void {
    this.activity++;
    const at = Math.max(Math.ceil(time), this.now);
    const item: Item = { at, order: this.random.next(), process, run };
    this.#push(item);
    return () => item.run = undefined;
  }

  /** Resolves after a time: a step of the process, if one is named. */
  sleep(ms: number, process?: Process): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve, process));
  }

  /** As {@link sleep}, and at once when aborted. */
  sleepUnless(ms: number, signal: AbortSignal, process?: Process): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.at(this.now + ms, resolve, process);
      signal.addEventListener("abort", () => (cancel(), resolve()));
    });
  }

  /** Takes every step that is due until a time, and is there then. */
  async runUntil(time: number): Promise<void> {
    for (;;) {
      const item = this.#heap[0];
      if (item === undefined || item.at > time) break;
      this.#pop();
      await this.#take(item);
    }
    this.now = Math.max(this.now, time);
  }

  async #take(item: Item): Promise<void> {
    const { run, process } = item;
    if (run === undefined) return;
    this.now = item.at;
    if (process !== undefined) {
      if (!process.alive) return;
      if (process.frozenUntil > this.now) {
        this.#push({ ...item, at: process.frozenUntil, order: this.random.next() });
        return;
      }
      if (process.stepsToLive !== undefined && process.stepsToLive-- <= 0) {
        process.crash();
        return;
      }
    }
    this.current = process;
    this.steps++;
    run();
    await this.rest();
    this.current = undefined;
    this.onStep();
  }

  /** Waits until no simulated code has anything left to do but wait. */
  async rest(): Promise<void> {
    for (let seen = -1; seen !== this.activity;) {
      seen = this.activity;
      for (let round = 0; round < QUIET_ROUNDS; round++) await null;
      const outside = this.#outside;
      this.#outside = undefined;
      await outside;
    }
  }

  /** Time stands still until this is settled: what the machine does, as loading a module. */
  waitOutside(work: Promise<unknown>): void {
    this.activity++;
    this.#outside = Promise.all([this.#outside, work]);
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(item, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = item;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(left: Item, right: Item): boolean {
  return left.at === right.at ? left.order < right.order : left.at < right.at;
}
