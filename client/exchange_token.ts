import type { ExchangedToken, ExchangeTokenOptions } from "./exchange/options.ts";
import { tokenExchange } from "./exchange/token_exchange.ts";

export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
export { TokenExchangeError } from "./exchange/exchange_error.ts";
export type {
  ExchangedToken,
  ExchangeGrant,
  ExchangeTokenOptions,
  TokenExchange,
} from "./exchange/options.ts";
export { tokenExchange } from "./exchange/token_exchange.ts";

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
