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
  getIdToken,
  type GetIdTokenOptions,
  type IdTokenClient,
  type IdTokenClientOptions,
  IdTokenError,
  type IdTokenErrorCode,
  type IdTokenErrorOptions,
  type SourceName,
  type SourceRuntime,
  supportsIssuingIdTokens,
  type TokenFunction,
} from "./client/mod.ts";
