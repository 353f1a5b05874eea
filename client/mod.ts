/**
 * Identity tokens for a program, from any platform, for any audience.
 *
 * `getIdToken(audience)` returns a signed JWT that says who the program is. It comes from the platform
 * that the program runs on, or from a Signet issuer when `SIGNET_ISSUER` is set. No dependency.
 *
 * | variable | meaning |
 * |---|---|
 * | `SIGNET_ISSUER` | URL of the Signet issuer; any platform's token is traded there |
 * | `SIGNET_REQUEST_TOKEN` | credential of the issuer: the simplest source |
 * | `SIGNET_PRIVATE_KEY` | private JWK registered at the issuer; its member `workload` may name the workload |
 * | `SIGNET_WORKLOAD` | workload id, with a private key or to choose between workloads in an exchange |
 * | `SIGNET_SOURCE` | name of the one source to use ({@linkcode SourceName}) |
 * | `SIGNET_ID_TOKEN`, `SIGNET_ID_TOKEN_FILE` | a token, or a file with one, where the platform is unknown |
 * | `SIGNET_PLATFORM_AUDIENCE` | audience of the platform's token in an exchange, where it is not the issuer |
 * | `SIGNET_AZURE_SERVICE_CONNECTION_ID` | service connection whose token Azure DevOps shall give |
 *
 * @example A token by the environment's own source, here replaced by a function
 * ```ts
 * import { createIdTokenClient } from "@signet/oidc/client";
 *
 * const claims = { aud: "https://api.example", exp: Date.now() / 1000 + 300 };
 * const jwt = ["{}", JSON.stringify(claims), ""].map(btoa).join(".").replaceAll("=", "");
 *
 * using client = createIdTokenClient({ source: () => jwt });
 * const token = await client.getIdToken("https://api.example");
 * console.assert(token === jwt);
 * ```
 *
 * @module
 */
export { supportsIssuingIdTokens } from "./environment.ts";
export {
  createIdTokenClient,
  getIdToken,
  type IdTokenClient,
  type IdTokenClientOptions,
} from "./create_id_token_client.ts";
export { IdTokenError, type IdTokenErrorCode, type IdTokenErrorOptions } from "./errors.ts";
export type {
  CommandResult,
  GetIdTokenOptions,
  SourceName,
  SourceRuntime,
  TokenFunction,
} from "./source.ts";
export {
  type CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
  type CredentialOptions,
  type ExchangedToken,
  type ExchangeGrant,
  exchangeToken,
  type ExchangeTokenOptions,
  type GetIdToken,
  type IdTokenWishes,
  type TokenExchange,
  tokenExchange,
  type TokenExchangeError,
} from "./exchange_token.ts";
