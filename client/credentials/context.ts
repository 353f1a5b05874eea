import type { CredentialOptions, GetIdToken } from "./options.ts";
import { readEnv } from "../environment.ts";

/** The options of a helper with every default filled in. */
export interface Context {
  readonly getIdToken: GetIdToken;
  /** Whether `getIdToken` is a client's, which holds its tokens and renews them ahead of time. */
  readonly fromClient: boolean;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly spreadingMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Milliseconds that no setting of the clock changes. */
  readonly elapsed: () => number;
  readonly env: (name: string) => string | undefined;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Fills in the defaults; a number out of its bounds is a TypeError. */
export function contextOf(options: CredentialOptions): Context {
  const { client } = options;
  return {
    getIdToken: options.getIdToken ??
      (client ? (audience, wishes) => client.getIdToken(audience, wishes) : defaultGetIdToken),
    fromClient: options.getIdToken === undefined,
    signal: options.signal,
    timeoutMs: bounded("timeoutMs", options.timeoutMs ?? 10_000, 1, 120_000),
    attempts: bounded("attempts", options.attempts ?? 3, 1, 10),
    spreadingMs: bounded("spreadingMs", options.spreadingMs ?? 0, 0, 300_000),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    elapsed: options.now ?? (() => performance.now()),
    env: options.env ?? readEnv,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? wait,
  };
}

// Loaded on first use, so that a program with a token source of its own never loads ours.
const defaultGetIdToken: GetIdToken = async (audience, wishes) =>
  await (await import("../create_id_token_client.ts")).getIdToken(audience, wishes);

/** `value` when it is an integer within its bounds. */
export function bounded(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(
    `Cannot use ${name}: must be an integer from ${least} to ${most}, got ${value}`,
  );
}

/** The first of `names` that is set and not empty. */
export function firstEnv(
  env: (name: string) => string | undefined,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = env(name)?.trim();
    if (value) return value;
  }
  return undefined;
}

/** Waits `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}
