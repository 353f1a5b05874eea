import { readEnv } from "./environment.ts";
import { parseIssuerUrl } from "./secure_url.ts";
import type { GetIdTokenOptions, SourceName, SourceRuntime, TokenFunction } from "./source.ts";
import type { TokenSupply } from "./token_supply.ts";

/** What a client is made from; everything has a default. */
export interface IdTokenClientOptions {
  /** Where tokens come from: a name, or a function. Default: `SIGNET_SOURCE`, else detected. */
  source?: SourceName | TokenFunction;
  /**
   * URL of the Signet issuer: https, or http on loopback. Default: `SIGNET_ISSUER`.
   * With a function as `source`, its tokens are exchanged at the issuer only when this option is given.
   */
  issuer?: string;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** Milliseconds that no setting of the clock changes. Default: `performance.now`; `now` where that is given. */
  elapsed?: () => number;
  /** HTTP. Default: the global `fetch`, looked up at each call. */
  fetch?: typeof fetch;
  /** Reads an environment variable. Default: the runtime's, where reading is permitted. */
  env?: (name: string) => string | undefined;
  /** A random number in [0, 1), for jitter. Default: `Math.random`. */
  random?: () => number;
  /** Waits before a retry; rejects when the signal aborts. Default: a timer. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds that one try may take, 1 to 2,147,483,647. Default: 10,000. */
  timeoutMs?: number;
  /** Most tokens held, 1 to 16,777,216; the least recently used goes first. Default: 1,000. */
  cacheSize?: number;
  /** Hears of a background refresh that failed; it is tried again later. Default: nobody. */
  onRefreshError?: (error: unknown) => void;
  /** Replaces how files, commands, sockets and modules are reached. Default: the runtime's own. */
  runtime?: Partial<SourceRuntime>;
}

/** Gives identity tokens, each held until it nears its end. */
export interface IdTokenClient {
  /** The Signet issuer that mints; `undefined` where none is configured. Throws when it is malformed. */
  readonly issuer: string | undefined;
  /**
   * An identity token for the audience. Rejects with `IdTokenError`, with `TypeError` when called
   * wrongly (no audience), or with the signal's reason.
   */
  getIdToken(audience: string, options?: GetIdTokenOptions): Promise<string>;
  /**
   * Gets a token ahead of its first use. A failure is left for the next `getIdToken` to tell, so it
   * rejects only with `TypeError`, when called wrongly.
   */
  prefetch(audience: string, options?: GetIdTokenOptions): Promise<void>;
  /** Forgets every token and ends every request. */
  [Symbol.dispose](): void;
}

/**
 * Makes a client with its own source, cache and clock. Reads nothing until it is used.
 *
 * A token is returned from the cache while it lives, refreshed in the background from 75 % of its
 * life (± 5 %), and never given out with less than min(60 s, 10 % of its life) left.
 *
 * @throws {TypeError} When `timeoutMs` or `cacheSize` is out of bounds.
 */
export function createIdTokenClient(options: IdTokenClientOptions = {}): IdTokenClient {
  const settings = { ...defaults(options), ...withoutUndefined(options) };
  // A longer timer would fire at once, a larger map does not exist.
  requireUpTo(2 ** 31 - 1, "timeoutMs", settings.timeoutMs);
  requireUpTo(2 ** 24, "cacheSize", settings.cacheSize);
  const issuer = () => issuerOf(settings);
  let supply: TokenSupply | undefined;
  let opening: Promise<TokenSupply> | undefined;
  let closed = false;

  // What a program needs for its first token is loaded with it, so that importing the client costs little.
  async function open(): Promise<TokenSupply> {
    try {
      const { tokenSupply } = await import("./token_supply.ts");
      supply = tokenSupply({ ...settings, issuer });
      if (closed) supply.close();
      return supply;
    } finally {
      opening = undefined;
    }
  }

  const opened = async () => supply ?? await (opening ??= open());
  return {
    get issuer() {
      return issuer();
    },
    getIdToken(audience, wishes) {
      if (supply === undefined) return opened().then((tokens) => tokens.get(audience, wishes));
      return (wishes === undefined ? supply.peek(audience) : undefined) ??
        supply.get(audience, wishes);
    },
    async prefetch(audience, wishes) {
      await (await opened()).prefetch(audience, wishes);
    },
    [Symbol.dispose]() {
      closed = true;
      supply?.close();
    },
  };
}

function defaults({ now }: IdTokenClientOptions) {
  return {
    now: Date.now,
    elapsed: now ?? (() => performance.now()),
    // The global is looked up at each call, so that instrumentation installed later is seen.
    fetch: ((input, init) => globalThis.fetch(input, init)) as typeof fetch,
    env: readEnv,
    random: Math.random,
    timeoutMs: 10_000,
    cacheSize: 1000,
    onRefreshError: () => {},
  };
}

function withoutUndefined(options: IdTokenClientOptions): IdTokenClientOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function requireUpTo(most: number, name: string, value: unknown): void {
  if (typeof value === "number" && value >= 1 && value <= most) return;
  throw new TypeError(`Cannot make a client: ${name} must be a number from 1 to ${most}`);
}

function issuerOf(
  { source, issuer, env }: IdTokenClientOptions & { env: (name: string) => string | undefined },
): string | undefined {
  const text = issuer ?? (typeof source === "function" ? undefined : env("SIGNET_ISSUER"));
  return text === undefined || text === "" ? undefined : parseIssuerUrl(text);
}

let defaultClient: IdTokenClient | undefined;

/**
 * An identity token (a signed JWT) for the audience, from the environment's own source.
 *
 * The same call as `jsr:@deno/oidc`. The first call makes a client with
 * {@linkcode createIdTokenClient}'s defaults; importing the module reads and starts nothing.
 * Later calls return the held token while it lives; nobody gets one with less than
 * min(60 s, 10 % of its life) left.
 *
 * @param audience The party that the token is for, not empty; it becomes the claim `aud`.
 * @param options Lifetime, AWS roles and tags, abort signal.
 * @returns The token, by promise.
 * @throws {TypeError} Without an audience, or with a malformed option.
 * @throws {IdTokenError} When no token can be had; its `code` and message say why and what to do.
 */
export function getIdToken(audience: string, options?: GetIdTokenOptions): Promise<string> {
  defaultClient ??= createIdTokenClient();
  return defaultClient.getIdToken(audience, options);
}
