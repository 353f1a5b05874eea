import { type Judgement, judgeStatus, matchRule, type Rule } from "../credentials/match_rule.ts";

const code = "id_token_rejected";

// Sources: Google's documentation of workload identity federation, and answers of the real service.
const rules: readonly Rule[] = [
  {
    text: "full resource name of the Identity Provider",
    code: "invalid_request",
    advice: "Name the provider, not only the pool, and the project by its number.",
  },
  {
    text: 'indicated by the "audience" parameters is invalid',
    code: "invalid_request",
    mayBeSpreading: true,
    advice:
      "The pool or the provider does not exist, or is disabled or deleted; a new one takes up to five minutes.",
  },
  {
    text: "does not match the expected ones",
    code,
    advice: "Set the provider's issuer URI to exactly the issuer's URL, without a trailing slash.",
  },
  {
    text: "does not match the expected audience",
    code,
    advice: "Leave the provider's allowed audiences empty, or pass one of them as idTokenAudience.",
  },
  {
    text: "rejected by the attribute condition",
    code,
    advice: "Compare the provider's attribute condition with the token's claims, letter case too.",
  },
  {
    text: "Unable to verify the ID Token signature",
    code,
    advice:
      "The key of this kid differs from the one that Google knows; upload the current jwks.json.",
  },
  {
    text: "exceeds the 127 bytes limit",
    code,
    advice: "Map google.subject to something shorter; the token's sub is longer than 127 bytes.",
  },
  {
    text: "is stale to sign-in",
    code: "id_token_expired",
    advice: "Check the clocks of this machine and of the issuer.",
  },
  {
    text: "ID Token issued at null",
    code: "id_token_expired",
    advice: "The token needs iat and exp.",
  },
  {
    text: "Error connecting to the given credential's issuer",
    code: "issuer_unreachable",
    mayBeSpreading: true,
    advice:
      "Google must reach the issuer's discovery document and jwks.json, which must hold the token's kid.",
  },
  {
    text: "iam.serviceAccounts.get",
    code: "access_denied",
    mayBeSpreading: true,
    advice:
      "Grant roles/iam.workloadIdentityUser on the service account to principal://…/subject/<the token's sub>; it takes about 70 seconds.",
  },
  { codes: ["PERMISSION_DENIED"], code: "access_denied", mayBeSpreading: true },
  { codes: ["RESOURCE_EXHAUSTED"], code: "throttled", retryable: true },
  { codes: ["UNAVAILABLE", "INTERNAL"], code: "unavailable", retryable: true },
  {
    codes: ["invalid_grant", "unauthorized_client"],
    code,
    advice: "Run `signet doctor gcp`.",
  },
];

/** What an error of Google's token services means for the caller. */
export function classifyGoogleError(
  status: number,
  vendorCode: string,
  message: string,
): Judgement {
  if (status === 429 || status >= 500) return judgeStatus(status);
  return matchRule(rules, { codes: [vendorCode], message }) ?? judgeStatus(status);
}
