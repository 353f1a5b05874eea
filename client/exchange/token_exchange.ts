import { bounded } from "../credentials/bounded.ts";
import { checkUrl } from "../credentials/check_url.ts";
import type { Refreshing } from "../credentials/refreshing.ts";
import type { ExchangedToken, ExchangeTokenOptions, TokenExchange } from "./options.ts";

/**
 * A lasting exchange of identity tokens at any endpoint that speaks RFC 8693 or RFC 7523: the token is fetched when
 * first asked for, refreshed min(300 s, 20 %) before it expires while the old one goes on being served, and fetched
 * once however many callers ask. A token without a stated end is not held.
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {TokenExchangeError} From the source: the endpoint, or the way there, refused.
 *
 * @example
 * ```ts
 * import { tokenExchange } from "@signet/oidc/client";
 *
 * const accessToken = tokenExchange({
 *   endpoint: "https://auth.example/oauth/token",
 *   audience: "https://auth.example",
 *   parameters: { scope: "orders:read" },
 * });
 * // const { token } = await accessToken();
 * ```
 */
export function tokenExchange(options: ExchangeTokenOptions): TokenExchange {
  checkOptions(options);
  let source: Promise<Refreshing<ExchangedToken>> | undefined;
  const get = async (asked?: { signal?: AbortSignal }) => {
    source ??= load(options);
    return { ...await (await source).get(asked?.signal) };
  };
  return Object.assign(get, { prefetch: async () => void await get() });
}

// What speaks HTTP is loaded on first use: most programs that import the client never exchange.
async function load(options: ExchangeTokenOptions): Promise<Refreshing<ExchangedToken>> {
  return (await import("./exchange_source.ts")).exchangeSource(options);
}

function checkOptions(options: ExchangeTokenOptions): void {
  checkUrl("endpoint", options?.endpoint);
  if (!options.audience) throw new TypeError("Cannot use audience: it is empty");
  if (options.ttl !== undefined) bounded("ttl", options.ttl, 1, 86_400);
  if (options.format === "query" && options.grant !== "bearer") {
    throw new TypeError("Cannot use format query: a token must not stand in a URL");
  }
}
