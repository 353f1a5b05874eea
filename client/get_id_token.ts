import { createIdTokenClient, type IdTokenClient } from "./create_id_token_client.ts";
import type { GetIdTokenOptions } from "./source.ts";

let defaultClient: IdTokenClient | undefined;

/**
 * An identity token (a signed JWT) for the audience, from the environment's own source.
 *
 * The same call as `jsr:@deno/oidc`. The first call makes a client with
 * {@linkcode createIdTokenClient}'s defaults; importing the module reads and starts nothing.
 * Later calls return the held token while it lives; nobody gets one with less than
 * min(60 s, 10 % of its life) left.
 *
 * @param audience The party that the token is for, not empty; it becomes the claim `aud`.
 * @param options Lifetime, AWS roles and tags, abort signal.
 * @returns The token, by promise.
 * @throws {TypeError} Without an audience, or with a malformed option.
 * @throws {IdTokenError} When no token can be had; its `code` and message say why and what to do.
 */
export function getIdToken(audience: string, options?: GetIdTokenOptions): Promise<string> {
  defaultClient ??= createIdTokenClient();
  return defaultClient.getIdToken(audience, options);
}
