/**
 * Identity tokens for a program, from any platform, for any audience.
 *
 * `getIdToken(audience)` returns a signed JWT that says who the program is. It comes from the platform
 * that the program runs on, or from a Signet issuer when `SIGNET_ISSUER` is set. No dependency.
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
export { getIdToken } from "./get_id_token.ts";
export { supportsIssuingIdTokens } from "./supports_issuing_id_tokens.ts";
export {
  createIdTokenClient,
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
