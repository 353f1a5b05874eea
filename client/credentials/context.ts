import type { CredentialOptions, GetIdToken } from "./options.ts";
import { readEnv } from "../env.ts";
import { bounded } from "./bounded.ts";
import { wait } from "./wait.ts";

/** The options of a helper with every default filled in. */
export interface Context {
  readonly getIdToken: GetIdToken;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly spreadingMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
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
    signal: options.signal,
    timeoutMs: bounded("timeoutMs", options.timeoutMs ?? 10_000, 1, 120_000),
    attempts: bounded("attempts", options.attempts ?? 3, 1, 10),
    spreadingMs: bounded("spreadingMs", options.spreadingMs ?? 0, 0, 300_000),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    env: options.env ?? readEnv,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? wait,
  };
}

// Loaded on first use, so that a program with a token source of its own never loads ours.
const defaultGetIdToken: GetIdToken = async (audience, wishes) =>
  await (await import("../get_id_token.ts")).getIdToken(audience, wishes);
