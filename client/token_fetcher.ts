import { chooseSource, type SourceChoice } from "./choose_source.ts";
import { loadToken } from "./load_token.ts";
import { type RetryPolicy, sleep, withRetries } from "./retry.ts";
import type { TokenSource } from "./source.ts";
import type { LoadedToken } from "./held_tokens.ts";
import type { Flight } from "./token_cache.ts";
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
  const source = remembered(() => chooseSource({ ...settings, issuer: settings.issuer() }));
  return (wish, flight) => {
    const wanted = () => flight.wanted;
    return withRetries(
      async (signal) =>
        loadToken({ ...wish, signal, wanted }, { ...settings, source: await source() }),
      { sleep, ...settings, wanted, signal: flight.signal },
    );
  };
}

// A failed choice is not kept: a missing file or variable may appear later.
function remembered(choose: () => Promise<TokenSource>): () => Promise<TokenSource> {
  let chosen: Promise<TokenSource> | undefined;
  return () =>
    chosen ??= choose().catch((error: unknown) => {
      chosen = undefined;
      throw error;
    });
}
