import { KvUnavailableError } from "./errors.ts";

/** How calls of a store are guarded; times in ms. */
export interface CallGuardOptions {
  /** How long one call may take, retries included. Default 2,000. */
  readonly deadlineMs?: number;
  /** How often a locked SQLite file is tried within the deadline. Default 50. */
  readonly maxAttempts?: number;
  /** How many calls may be on their way or given up but still pending. Default 1,024. */
  readonly maxPending?: number;
  /** How many given-up calls may be pending before new ones fail at once. Default 32. */
  readonly maxAbandoned?: number;
  /** How often one call may still try while new ones fail at once, at first. Default 10,000. */
  readonly probeMs?: number;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Resolves after `ms`, or at any time once `signal` is aborted. Default by `setTimeout`. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1), for jitter. Default `Math.random`. */
  readonly random?: () => number;
}

type Attempt = <T>(call: () => Promise<T>) => Promise<T>;

/** Runs an action whose every store call goes through the `attempt` that it is given. */
export type CallGuard = <T>(
  name: string,
  action: (attempt: Attempt) => Promise<T>,
) => Promise<T>;

const MAX_BACKOFF_MS = 100;
const MAX_PROBE_FACTOR = 29;

/** Makes a {@link CallGuard}: deadline, retry of a locked file, and a bound on pending calls. */
export function guardCalls(options: CallGuardOptions = {}): CallGuard {
  const { deadlineMs = 2_000, maxAttempts = 50, sleep = defaultSleep, random = Math.random } =
    options;
  const admission = new Admission(options);

  return async (name, action) => {
    admission.enter(name);
    const over = new AbortController();
    const attempt: Attempt = async (call) => {
      for (let tries = 1;; tries++) {
        if (over.signal.aborted) throw unavailable(name, "the deadline has passed");
        try {
          return await call();
        } catch (error) {
          if (isMisuse(error)) throw error;
          if (!isLocked(error)) throw unavailable(name, "the store failed", error);
          if (tries >= maxAttempts) throw unavailable(name, "the file stayed locked", error);
          await sleep(random() * Math.min(MAX_BACKOFF_MS, 5 * 2 ** tries), over.signal);
        }
      }
    };
    const work = action(attempt);
    const leave = admission.leaveWhenSettled(work);
    try {
      const late = sleep(deadlineMs, over.signal).then(() => {
        if (over.signal.aborted) return work;
        leave.abandon();
        throw unavailable(name, `no answer within ${deadlineMs} ms`);
      });
      return await Promise.race([work, late]);
    } finally {
      over.abort();
    }
  };
}

/** Counts calls, so that a store that hangs for hours does not collect promises. */
class Admission {
  readonly #maxPending: number;
  readonly #maxAbandoned: number;
  readonly #probeMs: number;
  readonly #now: () => number;
  #pending = 0;
  #abandoned = 0;
  #probe = { at: -Infinity, wait: 0 };

  constructor(options: CallGuardOptions) {
    this.#maxPending = options.maxPending ?? 1_024;
    this.#maxAbandoned = options.maxAbandoned ?? 32;
    this.#probeMs = options.probeMs ?? 10_000;
    this.#now = options.now ?? Date.now;
  }

  enter(name: string): void {
    const full = this.#pending >= this.#maxPending || this.#abandoned >= this.#maxAbandoned;
    if (full && !this.#mayProbe()) throw unavailable(name, "too many calls are unanswered");
    this.#pending++;
  }

  leaveWhenSettled(work: Promise<unknown>): { abandon(): void } {
    let state: "pending" | "abandoned" | "settled" = "pending";
    const settle = () => {
      this.#pending--;
      if (state === "abandoned") this.#abandoned--;
      state = "settled";
    };
    work.then(settle, settle);
    return {
      abandon: () => {
        if (state !== "pending") return;
        state = "abandoned";
        this.#abandoned++;
      },
    };
  }

  // One probe in a while finds out that a store is back even if the old calls never settle. The
  // more of them hang as well, the longer the next one waits: they repeat themselves for hours.
  #mayProbe(): boolean {
    const now = this.#now();
    const since = now - this.#probe.at;
    if (since >= 0 && since < this.#probe.wait) return false;
    const hanging = Math.min(Math.max(this.#abandoned - this.#maxAbandoned, 0), MAX_PROBE_FACTOR);
    this.#probe = { at: now, wait: this.#probeMs * (1 + hanging) };
    return true;
  }
}

function unavailable(name: string, state: string, cause?: unknown): KvUnavailableError {
  const message = `Cannot ${name} in the KV store: ${state}; check that the store is reachable`;
  return new KvUnavailableError(message, cause === undefined ? {} : { cause });
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database (?:table )?is locked/.test(error.message);
}

// Deno reports a failing store as TypeError too, so only what a caller did wrong is named here.
function isMisuse(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  return error instanceof Error &&
    /too large|too many|cannot be empty|^expected |could not be cloned|Cannot use a key/i
      .test(error.message);
}

function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
