import type { Context } from "../credentials/context.ts";
import { type Mint, withToken } from "../credentials/mint.ts";
import { tokenEnd } from "../credentials/json.ts";
import { type Expiring, type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { actAs, cloudPlatform } from "./act_as.ts";
import { exchange, type Federation, federationOf } from "./federate.ts";
import { googleFailure } from "./gcp_error.ts";
import type { GoogleIdTokenOptions } from "./options.ts";
import { serviceAccountFromEnv } from "./service_account.ts";
import { type GoogleHeld, held } from "./token_source.ts";

/** The held ID token of options that are sound. */
export function googleIdTokenSource(
  options: GoogleIdTokenOptions,
  context: Context,
): Refreshing<GoogleHeld> {
  const federation = federationOf(options, context);
  let plan: { account: string; mint: Mint } | undefined;
  return refreshing(async () => {
    plan ??= planOf(options, federation);
    const { account, mint } = plan;
    return held(
      await withToken(mint, (idToken) => generate(idToken, account, { options, federation })),
    );
  }, context);
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
  const { json, clockOffset } = await actAs(federated.value, request, federation);
  if (typeof json.token === "string" && json.token) {
    const googlesTime = federation.context.now() + clockOffset;
    return { value: json.token, expiresAt: tokenEnd(json.token, googlesTime) - clockOffset };
  }
  throw googleFailure(`act as the service account ${serviceAccount}`)({
    code: "invalid_response",
    vendorMessage: "the answer holds no ID token",
  });
}
