/**
 * Identity tokens for a program: the client alone, without the issuer and without any dependency.
 *
 * Set `SIGNET_ISSUER` and `SIGNET_REQUEST_TOKEN`, or run on a platform that gives identities (Deno Deploy,
 * GitHub Actions, Kubernetes and more), then ask for a token by its audience.
 *
 * @example
 * ```ts
 * import { getIdToken, supportsIssuingIdTokens } from "@signet/oidc";
 *
 * if (supportsIssuingIdTokens) {
 *   const token = await getIdToken("https://api.example");
 *   await fetch("https://api.example/orders", { headers: { authorization: `Bearer ${token}` } });
 * }
 * ```
 *
 * @module
 */
export {
  type CommandResult,
  createIdTokenClient,
  type CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
  type CredentialOptions,
  type ExchangedToken,
  type ExchangeGrant,
  exchangeToken,
  type ExchangeTokenOptions,
  type GetIdToken,
  getIdToken,
  type GetIdTokenOptions,
  type IdTokenClient,
  type IdTokenClientOptions,
  IdTokenError,
  type IdTokenErrorCode,
  type IdTokenErrorOptions,
  type IdTokenWishes,
  type SourceName,
  type SourceRuntime,
  supportsIssuingIdTokens,
  type TokenExchange,
  tokenExchange,
  type TokenExchangeError,
  type TokenFunction,
} from "./client/mod.ts";
