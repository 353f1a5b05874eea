import { chooseSource, type SourceChoice } from "./choose_source.ts";
import { loadToken } from "./load_token.ts";
import { type RetryPolicy, sleep, withRetries } from "./retry.ts";
import type { TokenSource } from "./source.ts";
import type { LoadedToken } from "./held_tokens.ts";
import type { Flight } from "./flight.ts";
import type { TokenWish } from "./token_wish.ts";

/** What a fetcher is made from. */
export interface FetcherSettings
  extends Omit<SourceChoice, "issuer">, Pick<RetryPolicy, "timeoutMs"> {
  /** The Signet issuer, read when the source is chosen. */
  readonly issuer: () => string | undefined;
}

/** Gets the token that a caller wishes, with retries. */
export type TokenFetcher = (wish: TokenWish, flight: Flight) => Promise<LoadedToken>;

/** Joins source, checks and retries; the source is chosen at the first use. */
export function tokenFetcher(settings: FetcherSettings): TokenFetcher {
  const { now, random, timeoutMs } = settings;
  const retries = { random, timeoutMs, sleep: settings.sleep ?? sleep };
  let source: TokenSource | undefined;
  const choose = shared(async () => {
    source = await chooseSource({ ...settings, issuer: settings.issuer() });
    return source;
  });
  return (wish, flight) => {
    const wanted = () => flight.wanted;
    const attempt = (signal: AbortSignal) => {
      const load = (from: TokenSource) =>
        loadToken({ ...wish, signal, wanted }, { source: from, now, random });
      return source === undefined ? choose().then(load) : load(source);
    };
    return withRetries(attempt, { ...retries, flight });
  };
}

// A failed choice is not kept: a missing file or variable may appear later.
function shared<T>(start: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => running ??= start().finally(() => running = undefined);
}
