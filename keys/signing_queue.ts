import { BoundedFifo } from "./bounded_fifo.ts";

/** Options of {@link signingQueue}. */
export interface SigningQueueOptions {
  /** How many signatures are made at once. */
  readonly maxInFlight: number;
  /** How many wait at most. */
  readonly maxQueued: number;
}

/** Runs a job in its turn; throws `SigningBusyError` when too many wait. */
export type SigningQueue = <T>(job: () => T | Promise<T>) => Promise<T>;

/** A first-in-first-out gate with a bound. */
export function signingQueue({ maxInFlight, maxQueued }: SigningQueueOptions): SigningQueue {
  const waiting = new BoundedFifo<() => void>(maxQueued);
  let inFlight = 0;

  function takeTurn(): Promise<void> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  function passOn(): void {
    const next = waiting.shift();
    if (next === undefined) inFlight--;
    else next();
  }

  return async (job) => {
    if (inFlight < maxInFlight) inFlight++;
    else await takeTurn();
    try {
      return await job();
    } finally {
      passOn();
    }
  };
}
