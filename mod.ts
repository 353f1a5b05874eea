/**
 * Identity tokens for a program: the client alone, without the issuer and without any dependency.
 *
 * Set `SIGNET_ISSUER` and `SIGNET_REQUEST_TOKEN`, or run on a platform that gives identities (Deno Deploy,
 * GitHub Actions, Kubernetes and more), then ask for a token by its audience.
 *
 * `@signet/oidc/client` gives the same and the exchange of tokens at other endpoints; the clouds have modules of
 * their own.
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
export { supportsIssuingIdTokens } from "./client/environment.ts";
export {
  createIdTokenClient,
  getIdToken,
  type IdTokenClient,
  type IdTokenClientOptions,
} from "./client/create_id_token_client.ts";
export { IdTokenError, type IdTokenErrorCode, type IdTokenErrorOptions } from "./client/errors.ts";
export type {
  CommandResult,
  GetIdTokenOptions,
  SourceName,
  SourceRuntime,
  TokenFunction,
} from "./client/source.ts";
