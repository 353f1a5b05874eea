import type { Context } from "../credentials/context.ts";
import { type Mint, mintFor } from "../credentials/mint.ts";
import type { Expiring } from "../credentials/refreshing.ts";
import { retry } from "../credentials/retry.ts";
import { callGoogle } from "./call_google.ts";
import { googleUrls } from "./check_provider_options.ts";
import { googleFailure } from "./gcp_error.ts";
import type { longLife } from "./long_life.ts";
import type { GoogleProviderOptions } from "./options.ts";
import { namedProvider, providerFromEnv } from "./provider_name.ts";

const jwtType = "urn:ietf:params:oauth:token-type:jwt";
const purpose = "exchange the identity token at Google";

/** A way to Google with every default filled in. */
export interface Federation {
  readonly context: Context;
  readonly stsUrl: string;
  readonly iamCredentialsUrl: string;
  /** The provider's full resource name, read from the environment when first needed. */
  readonly provider: () => string;
  readonly mint: (asks?: typeof longLife) => Mint;
}

/** Fills in the defaults of options that are sound. */
export function federationOf(options: GoogleProviderOptions, context: Context): Federation {
  const named = namedProvider(options);
  const provider = () => named ?? providerFromEnv(context.env);
  return {
    context,
    provider,
    ...googleUrls(options),
    mint: (asks) => mintFor(options.idTokenAudience ?? `https:${provider()}`, context, asks),
  };
}

/** Exchanges an identity token for a federated access token (RFC 8693, as Google's STS speaks it). */
export function exchange(
  idToken: string,
  scopes: readonly string[],
  federation: Federation,
): Promise<Expiring<string>> {
  const { context, stsUrl } = federation;
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience: federation.provider(),
    scope: scopes.join(" "),
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type: jwtType,
    subject_token: idToken,
  }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return retry(context, async () => {
    const call = { url: stsUrl, purpose, headers, body, secret: idToken };
    const { json } = await callGoogle(call, context);
    const { access_token: value, expires_in: seconds } = json;
    if (typeof value === "string" && value && Number(seconds) > 0) {
      return { value, expiresAt: context.now() + Number(seconds) * 1_000 };
    }
    throw googleFailure(purpose)({
      code: "invalid_response",
      vendorMessage: "the answer holds no access token",
    });
  });
}
