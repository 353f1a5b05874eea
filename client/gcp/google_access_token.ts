import { bounded, contextOf } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import { checkProviderOptions } from "./check_provider_options.ts";
import type { GoogleAccessTokenOptions, GoogleTokenSource } from "./options.ts";
import { checkServiceAccount } from "./service_account.ts";
import { tokenSource } from "./token_source.ts";

/**
 * Access tokens for Google Cloud by workload identity federation: as the identity itself, or as a service account.
 * They are fetched when first asked for, refreshed min(300 s, 20 %) before they expire while the old one goes on
 * being served, and fetched once however many callers ask.
 *
 * Source: Google's Security Token Service (RFC 8693) and IAM Service Account Credentials `generateAccessToken`.
 *
 * @throws {TypeError} An option is out of Google's limits.
 * @throws {GoogleCredentialError} From the source: Google, or the way there, refused.
 *
 * @example
 * ```ts
 * import { googleAccessToken } from "@signet/oidc/client/gcp";
 *
 * const accessToken = googleAccessToken({
 *   projectNumber: "123456789012",
 *   pool: "signet",
 *   provider: "issuer",
 *   serviceAccount: "web@shop.iam.gserviceaccount.com",
 * });
 * // const { token } = await accessToken();
 * ```
 */
export function googleAccessToken(options: GoogleAccessTokenOptions = {}): GoogleTokenSource {
  const context = contextOf(options);
  checkProviderOptions(options);
  if (options.serviceAccount) checkServiceAccount(options.serviceAccount);
  if (options.lifetime !== undefined) bounded("lifetime", options.lifetime, 1, 43_200);
  return tokenSource(deferred(async () => {
    const { accessTokenSource } = await import("./access_token_source.ts");
    return accessTokenSource(options, context);
  }));
}
