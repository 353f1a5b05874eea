import type { Context } from "../credentials/context.ts";
import { type Mint, withToken } from "../credentials/mint.ts";
import { type Expiring, type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { actAs, cloudPlatform } from "./act_as.ts";
import { exchange, type Federation, federationOf } from "./federate.ts";
import { googleFailure } from "./gcp_error.ts";
import { longLife } from "./long_life.ts";
import type { GoogleAccessTokenOptions } from "./options.ts";
import { serviceAccountFromEnv } from "./service_account.ts";
import { type GoogleHeld, held } from "./token_source.ts";

/** The held access token of options that are sound. */
export function accessTokenSource(
  options: GoogleAccessTokenOptions,
  context: Context,
): Refreshing<GoogleHeld> {
  const federation = federationOf(options, context);
  let plan: { account: string | null | undefined; mint: Mint } | undefined;
  let given = false;
  return refreshing(async () => {
    plan ??= planOf(options, federation);
    const { account, mint } = plan;
    // Made from the same identity token, the next one would end no later than this one.
    const fresh = given && !account;
    const use = (idToken: string) =>
      account
        ? impersonate(idToken, account, { options, federation })
        : exchange(idToken, options.scopes ?? [cloudPlatform], federation);
    const token = await withToken(mint, use, fresh);
    given = true;
    return held(token);
  }, context);
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
