import type { GcpPlanParts } from "./gcp_types.ts";

/** Where a Google credential file takes the token from. */
export type GcpCredentialSource = "url" | "file";

/** The credential file of Google's own libraries; `url` asks the issuer, `file` reads the agent's file. */
export function externalAccount(
  { base, names, options }: GcpPlanParts,
  source: GcpCredentialSource,
): Record<string, unknown> {
  const account = options.serviceAccount;
  return {
    type: "external_account",
    universe_domain: "googleapis.com",
    audience: `//iam.googleapis.com/${names.providerResource}`,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: source === "url" ? urlSource(base) : {
      file: "/var/run/signet/google-token",
      format: { type: "text" },
    },
    ...(account ? impersonation(account) : {}),
  };
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
