import { bounded } from "../credentials/context.ts";
import { type Mint, withToken } from "../credentials/mint.ts";
import { type Expiring, refreshing } from "../credentials/refreshing.ts";
import { actAs, checkServiceAccount, cloudPlatform, serviceAccountFromEnv } from "./act_as.ts";
import { exchange, type Federation, federationOf, longLife } from "./federate.ts";
import { googleFailure } from "./gcp_error.ts";
import type { GoogleAccessTokenOptions, GoogleTokenSource } from "./options.ts";
import { held, tokenSource } from "./token_source.ts";

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
  const federation = federationOf(options);
  if (options.serviceAccount) checkServiceAccount(options.serviceAccount);
  if (options.lifetime !== undefined) bounded("lifetime", options.lifetime, 1, 43_200);
  let plan: { account: string | null | undefined; mint: Mint } | undefined;
  const cache = refreshing(async () => {
    plan ??= planOf(options, federation);
    const { account, mint } = plan;
    return held(
      await withToken(
        mint,
        (idToken) =>
          account
            ? impersonate(idToken, account, { options, federation })
            : exchange(idToken, options.scopes ?? [cloudPlatform], federation),
      ),
    );
  }, federation.context.now);
  return tokenSource(cache);
}

function planOf(options: GoogleAccessTokenOptions, federation: Federation) {
  const account = options.serviceAccount === undefined
    ? serviceAccountFromEnv(federation.context.env)
    : options.serviceAccount;
  // A federated token ends with the identity token; a service account's does not.
  return { account, mint: federation.mint(account ? undefined : longLife) };
}

async function impersonate(
  idToken: string,
  serviceAccount: string,
  { options, federation }: { options: GoogleAccessTokenOptions; federation: Federation },
): Promise<Expiring<string>> {
  const { scopes = [cloudPlatform], lifetime = 3_600, delegates } = options;
  const federated = await exchange(idToken, [cloudPlatform], federation);
  const body = { scope: scopes, lifetime: `${lifetime}s` };
  const method = "generateAccessToken" as const;
  const request = { serviceAccount, method, body, delegates };
  const { json, clockOffset } = await actAs(federated.value, request, federation);
  const expiresAt = Date.parse(String(json.expireTime)) - clockOffset;
  if (typeof json.accessToken === "string" && json.accessToken && !Number.isNaN(expiresAt)) {
    return { value: json.accessToken, expiresAt };
  }
  throw googleFailure(`act as the service account ${serviceAccount}`)({
    code: "invalid_response",
    vendorMessage: "the answer holds no access token",
  });
}
