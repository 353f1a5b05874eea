import type { GcpPlanParts } from "./gcp_types.ts";

/** Where a Google credential file takes the token from. */
export type GcpCredentialSource = "url" | "file";

/** What a credential file is made from. */
export interface ExternalAccount {
  /** `projects/{number}/locations/global/workloadIdentityPools/{pool}/providers/{provider}` */
  readonly providerResource: string;
  /** Service account to act as. Default: direct access. */
  readonly serviceAccount?: string;
  /** Where Google's libraries take the token from. */
  readonly source: Readonly<Record<string, unknown>>;
}

/** The credential file of a plan; `url` asks the issuer, `file` reads the agent's file. */
export function externalAccount(
  { base, names, options }: GcpPlanParts,
  source: GcpCredentialSource,
): Record<string, unknown> {
  return credentialFile({
    providerResource: names.providerResource,
    serviceAccount: options.serviceAccount,
    source: source === "url" ? urlSource(base) : fileSource("/var/run/signet/google-token"),
  });
}

/** The credential file of Google's own libraries (`external_account`, AIP-4117). */
export function credentialFile(account: ExternalAccount): Record<string, unknown> {
  const { providerResource, serviceAccount, source } = account;
  return {
    type: "external_account",
    universe_domain: "googleapis.com",
    audience: `//iam.googleapis.com/${providerResource}`,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: source,
    ...(serviceAccount ? impersonation(serviceAccount) : {}),
  };
}

/** A file that holds the token as it is. */
export function fileSource(file: string): Record<string, unknown> {
  return { file, format: { type: "text" } };
}

function urlSource(base: GcpPlanParts["base"]): Record<string, unknown> {
  return {
    url: `${base.issuer}/token?audience=${encodeURIComponent(base.audience)}`,
    headers: { Authorization: "Bearer REPLACE_WITH_REQUEST_TOKEN" },
    format: { type: "json", subject_token_field_name: "value" },
  };
}

function impersonation(account: string): Record<string, unknown> {
  return {
    service_account_impersonation_url:
      `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
    service_account_impersonation: { token_lifetime_seconds: 3600 },
  };
}
