import { SigningBusyError } from "./errors.ts";

/** Options of {@link signingQueue}. */
export interface SigningQueueOptions {
  /** How many signatures are made at once; more per core than two only wait elsewhere. */
  readonly maxInFlight: number;
  /** How many wait at most. */
  readonly maxQueued: number;
}

/** Runs a job in its turn; throws {@link SigningBusyError} when too many wait. */
export type SigningQueue = <T>(job: () => T | Promise<T>) => Promise<T>;

/** A first-in-first-out gate with a bound. */
export function signingQueue({ maxInFlight, maxQueued }: SigningQueueOptions): SigningQueue {
  // A ring: taking the first of a thousand costs no more than of one.
  const waiting = new Array<(() => void) | undefined>(maxQueued);
  let inFlight = 0;
  let first = 0;
  let queued = 0;

  function takeTurn(): Promise<void> {
    if (queued >= maxQueued) throw new SigningBusyError(queued);
    return new Promise((resolve) => {
      waiting[(first + queued) % maxQueued] = resolve;
      queued++;
    });
  }

  function passOn(): void {
    if (queued === 0) {
      inFlight--;
      return;
    }
    const next = waiting[first]!;
    waiting[first] = undefined;
    first = (first + 1) % maxQueued;
    queued--;
    next();
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
