import type { Refreshing } from "./credentials/refreshing.ts";
import type { ExchangedToken, ExchangeTokenOptions, TokenExchange } from "./exchange/options.ts";

export type {
  CredentialError,
  CredentialErrorCode,
  CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
export type { TokenExchangeError } from "./exchange/exchange_error.ts";
export type {
  ExchangedToken,
  ExchangeGrant,
  ExchangeTokenOptions,
  TokenExchange,
} from "./exchange/options.ts";

/**
 * Exchanges an identity token once, at any endpoint that speaks RFC 8693 (token exchange) or RFC 7523 (JWT bearer);
 * {@linkcode tokenExchange} holds and refreshes the token instead.
 *
 * Source: RFC 8693 section 2, RFC 7523 section 2.1.
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {TokenExchangeError} The endpoint, or the way there, refused.
 *
 * @example
 * ```ts
 * import { exchangeToken } from "@signet/oidc/client";
 *
 * async function githubToken(): Promise<string> {
 *   const { token } = await exchangeToken({
 *     endpoint: "https://octo-sts.dev/sts/exchange",
 *     grant: "bearer",
 *     format: "query",
 *     audience: "octo-sts.dev",
 *     parameters: { scope: "acme/shop", identity: "deploy" },
 *   });
 *   return token;
 * }
 * ```
 */
export async function exchangeToken(options: ExchangeTokenOptions): Promise<ExchangedToken> {
  return await tokenExchange(options)();
}

/**
 * A lasting exchange of identity tokens at any endpoint that speaks RFC 8693 or RFC 7523: the token is fetched when
 * first asked for, refreshed min(300 s, 20 %) before it expires while the old one goes on being served, and fetched
 * once however many callers ask. A token without a stated end is not held.
 *
 * @throws {TypeError} From the source: an option is out of its bounds.
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
  let source: Promise<Refreshing<ExchangedToken>> | undefined;
  const get = async (asked?: { signal?: AbortSignal }) => {
    source ??= load(options);
    return { ...await (await source).get(asked?.signal) };
  };
  return Object.assign(get, { prefetch: async () => void await get() });
}

// The code is loaded on first use, since most programs never exchange.
async function load(options: ExchangeTokenOptions): Promise<Refreshing<ExchangedToken>> {
  return (await import("./exchange/exchange_source.ts")).exchangeSource(options);
}
