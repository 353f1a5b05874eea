import { IdTokenError } from "./errors.ts";
import type { Flight } from "./flight.ts";

/** How attempts are repeated. */
export interface RetryPolicy {
  /** Ends everything; while only a background refresh wants the outcome, one try is enough. */
  flight: Flight;
  /** A random number in [0, 1). */
  random: () => number;
  /** Waits; rejects when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Deadline of one try in ms. */
  timeoutMs: number;
}

const ATTEMPTS = 4;
const BASE_MS = 200;
const CAP_MS = 5_000;
const MAX_RETRY_AFTER_MS = 30_000;
const RETRYABLE: ReadonlySet<unknown> = new Set([
  "rate_limited",
  "unavailable",
  "network_error",
  "timeout",
]);

/** Runs `attempt`, again after 429, 5xx, network errors and timeouts, with full jitter. */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  policy: RetryPolicy,
): Promise<T> {
  for (let count = 1;; count++) {
    try {
      return await withDeadline(attempt, policy);
    } catch (error) {
      const waitMs = retryDelayMs(error, { count, random: policy.random });
      if (waitMs === undefined || !policy.flight.wanted) throw error;
      await pause(waitMs, policy);
    }
  }
}

/** Ms to wait before the next try; `undefined` when there shall be none. */
export function retryDelayMs(
  error: unknown,
  { count, random }: { count: number; random: () => number },
): number | undefined {
  if (!(error instanceof IdTokenError) || !RETRYABLE.has(error.code)) return undefined;
  const askedMs = error.retryAfterMs ?? 0;
  // Coming back earlier than asked would be rude, holding callers for longer than this useless.
  if (count >= ATTEMPTS || askedMs > MAX_RETRY_AFTER_MS) return undefined;
  return askedMs + random() * Math.min(CAP_MS, BASE_MS * 2 ** (count - 1));
}

/** Waits by the runtime's timer. Never runs for a background refresh, so it may hold the process. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => (clearTimeout(timer), reject(signal.reason));
    const done = () => (signal.removeEventListener("abort", stop), resolve());
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

function pause(ms: number, { flight, sleep }: RetryPolicy): Promise<void> {
  const controller = new AbortController();
  flight.begin((reason) => controller.abort(reason));
  return sleep(ms, controller.signal);
}

function withDeadline<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { flight, timeoutMs }: RetryPolicy,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    // Rejects as well: an attempt that does not heed its signal is left behind.
    const end = (reason: unknown) => {
      clearTimeout(timer);
      reject(reason);
      controller.abort(reason);
    };
    flight.begin(end);
    const timer = setTimeout(() => end(timeoutError(timeoutMs)), timeoutMs);
    if (!flight.wanted) unref(timer);
    attempt(controller.signal).then(resolve, reject).then(() => clearTimeout(timer));
  });
}

function timeoutError(ms: number): IdTokenError {
  const message = `Cannot get an identity token: no answer within ${ms / 1000} s. ` +
    "Check that the issuer or platform endpoint can be reached from here";
  return new IdTokenError(message, { code: "timeout" });
}

function unref(timer: unknown): void {
  const { Deno } = globalThis as { Deno?: { unrefTimer?: (id: number) => void } };
  if (typeof timer === "number") Deno?.unrefTimer?.(timer);
  else (timer as { unref?: () => void }).unref?.();
}
