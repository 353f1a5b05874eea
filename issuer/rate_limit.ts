import { RecentMap } from "./recent_map.ts";

/** Options of {@linkcode createRateLimit}. */
export interface RateLimitOptions {
  /** Requests per minute in the long run, at least 1. */
  readonly perMinute: number;
  /** Requests at once after a pause, at least 1. Default `perMinute`: many isolates start at once. */
  readonly burst?: number;
  /** Most keys remembered; past it the one used longest ago starts anew. Default 50,000. */
  readonly maxKeys?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What one key may still ask for. */
export interface Allowance {
  /** 0 when the request may go on, else in how many milliseconds one may. */
  take(): number;
  /** Undoes a `take` that let a request through. */
  giveBack(): void;
}

/** Counts requests per key; in no minute does it let more through than `perMinute` and `burst`. */
export interface RateLimit {
  /** The allowance of a key: who holds on to it needs no look-up for the next request. */
  of(key: string): Allowance;
  /** How many keys are remembered. */
  readonly size: number;
}

const minute = 60_000_000;

/** Makes a {@linkcode RateLimit}. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { perMinute, burst = perMinute, maxKeys = 50_000, now } = options;
  const interval = Math.ceil(minute / perMinute);
  const rate = { interval, capacity: interval * burst, now };
  const buckets = new RecentMap<Bucket>(maxKeys);
  return {
    of(key) {
      let bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, bucket = new Bucket(rate));
      return bucket;
    },
    get size() {
      return buckets.size;
    },
  };
}

/** Times in whole microseconds, so that nothing is rounded up. */
interface Rate {
  readonly interval: number;
  readonly capacity: number;
  readonly now: () => number;
}

/**
 * A token bucket, kept as one number: the time (µs) at which it will be full again, as in the
 * generic cell rate algorithm (ITU-T I.371).
 */
class Bucket implements Allowance {
  readonly #rate: Rate;
  #fullAt = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(): number {
    const { interval, capacity } = this.#rate;
    const time = this.#time();
    const after = this.#missing(time) + interval;
    if (after > capacity) return Math.ceil((after - capacity) / 1000);
    this.#fullAt = time + after;
    return 0;
  }

  giveBack(): void {
    const time = this.#time();
    this.#fullAt = time + Math.max(this.#missing(time) - this.#rate.interval, 0);
  }

  #time(): number {
    return Math.floor(this.#rate.now()) * 1000;
  }

  // Never more than all: a clock that went back must not lock anybody out for the difference.
  #missing(time: number): number {
    return Math.min(Math.max(this.#fullAt - time, 0), this.#rate.capacity);
  }
}
