import { type Mint, withToken } from "../credentials/mint.ts";
import { tokenEnd } from "../credentials/peek_claims.ts";
import { type Expiring, refreshing } from "../credentials/refreshing.ts";
import { actAs, checkServiceAccount, cloudPlatform, serviceAccountFromEnv } from "./act_as.ts";
import { exchange, type Federation, federationOf } from "./federate.ts";
import { googleFailure } from "./gcp_error.ts";
import type { GoogleIdTokenOptions, GoogleTokenSource } from "./options.ts";
import { held, tokenSource } from "./token_source.ts";

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
  const federation = federationOf(options);
  if (options.serviceAccount !== undefined) checkServiceAccount(options.serviceAccount);
  let plan: { account: string; mint: Mint } | undefined;
  const cache = refreshing(async () => {
    plan ??= planOf(options, federation);
    const { account, mint } = plan;
    return held(
      await withToken(mint, (idToken) => generate(idToken, account, { options, federation })),
    );
  }, federation.context.now);
  return tokenSource(cache);
}

function planOf(options: GoogleIdTokenOptions, federation: Federation) {
  const account = options.serviceAccount ?? serviceAccountFromEnv(federation.context.env);
  if (account) return { account, mint: federation.mint() };
  throw googleFailure("get an ID token from Google")({
    code: "not_configured",
    vendorMessage: "no service account is named",
    advice: "Pass serviceAccount, or set SIGNET_GCP_SERVICE_ACCOUNT.",
  });
}

async function generate(
  idToken: string,
  serviceAccount: string,
  { options, federation }: { options: GoogleIdTokenOptions; federation: Federation },
): Promise<Expiring<string>> {
  const federated = await exchange(idToken, [cloudPlatform], federation);
  const { targetAudience: audience, includeEmail = true, delegates } = options;
  const method = "generateIdToken" as const;
  const request = { serviceAccount, method, body: { audience, includeEmail }, delegates };
  const { json } = await actAs(federated.value, request, federation);
  if (typeof json.token === "string" && json.token) {
    return { value: json.token, expiresAt: tokenEnd(json.token, federation.context.now()) };
  }
  throw googleFailure(`act as the service account ${serviceAccount}`)({
    code: "invalid_response",
    vendorMessage: "the answer holds no ID token",
  });
}
