import { contextOf } from "../credentials/context.ts";
import { authorityReader } from "./authority.ts";
import { checkTenant } from "./check_tenant.ts";
import type { AzureCredential, AzureCredentialOptions, AzureGetTokenOptions } from "./options.ts";
import type { AccessTokens } from "./access_tokens.ts";

/**
 * A credential for every Azure client, by a federated identity credential and without any secret. One access token
 * is held per tenant and scopes, refreshed min(300 s, 20 %) before it expires while the old one goes on being
 * served, and fetched once however many callers ask.
 *
 * Source: Microsoft identity platform, client credentials with a federated credential (RFC 7523 section 2.2).
 *
 * @throws {TypeError} An option is out of its bounds.
 * @throws {AzureCredentialError} From `getToken`: Entra, or the way there, refused.
 *
 * @example
 * ```ts
 * import { azureCredential } from "@signet/oidc/client/azure";
 *
 * const credential = azureCredential({
 *   tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 * });
 * // new BlobServiceClient("https://shop.blob.core.windows.net", credential)
 * ```
 */
export function azureCredential(options: AzureCredentialOptions = {}): AzureCredential {
  const context = contextOf(options);
  const authority = authorityReader(options, context.env);
  if (options.tenantId !== undefined) checkTenant(options.tenantId);
  let tokens: AccessTokens | undefined;
  const load = async () => {
    const { accessTokens } = await import("./access_tokens.ts");
    return tokens ??= accessTokens(options, authority, context);
  };
  const getToken = async (scopes: string | string[], asked: AzureGetTokenOptions = {}) => ({
    ...await (tokens ?? await load())(scopes, asked),
  });
  return { getToken, prefetch: async (scopes) => void await getToken(scopes) };
}
