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

/** Counts requests per key; in no minute does it let more through than `perMinute` and `burst`. */
export interface RateLimit {
  /** 0 when the request may go on, else in how many milliseconds one may. */
  take(key: string): number;
  /** Undoes a `take` that let a request through. */
  giveBack(key: string): void;
  /** How many keys are remembered. */
  readonly size: number;
}

const minute = 60_000_000;

/**
 * A token bucket per key, kept as one number: the time (µs) at which it will be full again, as in
 * the generic cell rate algorithm (ITU-T I.371). Whole microseconds, so that nothing is rounded up.
 */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { perMinute, burst = perMinute, maxKeys = 50_000, now } = options;
  const fullAt = new RecentMap<number>(maxKeys);
  const interval = Math.ceil(minute / perMinute);
  const capacity = interval * burst;

  function emptiness(key: string): { time: number; missing: number } {
    const time = Math.floor(now()) * 1000;
    const missing = (fullAt.get(key) ?? 0) - time;
    // Never more than all: a clock that went back must not lock anybody out for the difference.
    return { time, missing: Math.min(Math.max(missing, 0), capacity) };
  }

  return {
    take(key) {
      const { time, missing } = emptiness(key);
      const after = missing + interval;
      if (after > capacity) return Math.ceil((after - capacity) / 1000);
      fullAt.set(key, time + after);
      return 0;
    },
    giveBack(key) {
      const { time, missing } = emptiness(key);
      if (missing <= interval) fullAt.delete(key);
      else fullAt.set(key, time + missing - interval);
    },
    get size() {
      return fullAt.size;
    },
  };
}
