import { IdTokenError } from "./errors.ts";

/** How attempts are repeated. */
export interface RetryPolicy {
  /** False while only a background refresh wants the outcome: then one try is enough. */
  wanted(): boolean;
  /** A random number in [0, 1). */
  random: () => number;
  /** Waits; rejects when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Deadline of one try in ms. */
  timeoutMs: number;
  /** Ends everything. */
  signal: AbortSignal;
  /** True while a try is sure to end with its signal; else it is left behind. Default: never. */
  heedsSignal?(): boolean;
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
      return await (policy.heedsSignal?.() ? bySignal : byTimer)(attempt, policy);
    } catch (error) {
      const waitMs = retryDelayMs(error, { count, random: policy.random });
      if (waitMs === undefined || !policy.wanted() || policy.signal.aborted) throw error;
      await policy.sleep(waitMs, policy.signal);
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

// A signal with a deadline costs a third of a timer and a listener that are taken back.
async function bySignal<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs }: RetryPolicy,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await attempt(AbortSignal.any([signal, deadline]));
  } catch (error) {
    throw deadline.aborted && error === deadline.reason ? timeoutError(timeoutMs) : error;
  }
}

function byTimer<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  policy: RetryPolicy,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (reason: unknown) => (clear(), reject(reason), controller.abort(reason));
    const stop = () => end(policy.signal.reason);
    const timer = setTimeout(() => end(timeoutError(policy.timeoutMs)), policy.timeoutMs);
    const clear = () => (clearTimeout(timer), policy.signal.removeEventListener("abort", stop));
    if (!policy.wanted()) unref(timer);
    policy.signal.addEventListener("abort", stop, { once: true });
    if (policy.signal.aborted) return stop();
    attempt(controller.signal).finally(clear).then(resolve, reject);
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
