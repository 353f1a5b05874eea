import { contextOf } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import { checkProviderOptions } from "./check_provider_options.ts";
import type { GoogleIdTokenOptions, GoogleTokenSource } from "./options.ts";
import { checkServiceAccount } from "./service_account.ts";
import { tokenSource } from "./token_source.ts";

/**
 * ID tokens of a Google service account, for Cloud Run, IAP and whoever else trusts Google's issuer. Cached and
 * refreshed like {@linkcode googleAccessToken}'s.
 *
 * Source: IAM Service Account Credentials, `generateIdToken`.
 *
 * @throws {TypeError} An option is out of Google's limits.
 * @throws {GoogleCredentialError} From the source: Google, or the way there, refused.
 *
 * @example
 * ```ts
 * import { googleIdToken } from "@signet/oidc/client/gcp";
 *
 * const idToken = googleIdToken({
 *   provider:
 *     "projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer",
 *   serviceAccount: "web@shop.iam.gserviceaccount.com",
 *   targetAudience: "https://orders-abcdefg.a.run.app",
 * });
 * // const { token } = await idToken();
 * ```
 */
export function googleIdToken(options: GoogleIdTokenOptions): GoogleTokenSource {
  if (!options?.targetAudience) throw new TypeError("Cannot use targetAudience: it is empty");
  const context = contextOf(options);
  checkProviderOptions(options);
  if (options.serviceAccount !== undefined) checkServiceAccount(options.serviceAccount);
  return tokenSource(deferred(async () => {
    const { googleIdTokenSource } = await import("./google_id_token_source.ts");
    return googleIdTokenSource(options, context);
  }));
}
