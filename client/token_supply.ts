import type { GetIdTokenOptions } from "./source.ts";
import type { Flight } from "./flight.ts";
import { TokenCache, type TokenCacheOptions } from "./token_cache.ts";
import { type FetcherSettings, tokenFetcher } from "./token_fetcher.ts";
import { tokenWish } from "./token_wish.ts";
import { untilAborted } from "./until_aborted.ts";

/** What a supply is made from. */
export type SupplySettings =
  & FetcherSettings
  & Omit<TokenCacheOptions, "limit">
  & { readonly cacheSize: number };

/** The tokens of one client: those held, and those on their way. */
export interface TokenSupply {
  /** The fast way: the answer for a plain audience while it is fresh. */
  peek(audience: string): Promise<string> | undefined;
  /** The token: held, on its way, or fetched. Rejects with TypeError for a malformed wish. */
  get(audience: unknown, wishes?: GetIdTokenOptions): Promise<string>;
  /** Fetches what is neither held nor on its way. Rejects with that TypeError only. */
  prefetch(audience: unknown, wishes?: GetIdTokenOptions): Promise<void>;
  /** Forgets everything and fails those who wait. */
  close(): void;
}

/** Joins cache and fetcher. */
export function tokenSupply(settings: SupplySettings): TokenSupply {
  const cache = new TokenCache({ ...settings, limit: settings.cacheSize });
  const fetchToken = tokenFetcher(settings);

  function request(audience: unknown, wishes: GetIdTokenOptions | undefined) {
    const wish = tokenWish(audience, wishes);
    return { ...wish, load: (flight: Flight) => fetchToken(wish, flight) };
  }

  return {
    peek: (audience) => cache.peek(audience),
    get(audience, wishes) {
      try {
        const asked = request(audience, wishes), signal = wishes?.signal;
        signal?.throwIfAborted();
        return wishes?.forceRefresh ? cache.renew(asked, signal) : cache.get(asked, signal);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    async prefetch(audience, wishes) {
      const asked = request(audience, wishes);
      await untilAborted(wishes?.signal, () => cache.prefetch(asked)).catch(() => {});
    },
    close: () => cache.close(),
  };
}
