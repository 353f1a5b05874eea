import { type Judgement, judgeStatus, matchRule, type Rule } from "../credentials/match_rule.ts";

const code = "id_token_rejected";

// Source: hashicorp/vault-plugin-auth-jwt and hashicorp/cap, whose texts these are; OpenBao shares them.
const rules: readonly Rule[] = [
  {
    text: "role with oidc role_type is not allowed",
    code: "invalid_request",
    advice: "Set the role's role_type to jwt.",
  },
  {
    text: "could not be found",
    code: "invalid_request",
    advice: "Create the role, or correct its name.",
  },
  {
    text: "no handler for route",
    code: "invalid_request",
    advice: "Enable the JWT auth method at this mount, or correct mount and namespace.",
  },
  {
    text: "could not load configuration",
    code: "invalid_request",
    advice: "Configure the auth method: oidc_discovery_url and bound_issuer.",
  },
  {
    text: "token is expired",
    code: "id_token_expired",
    advice: "Check the clocks of this machine and of the issuer.",
  },
  {
    text: "no known key successfully validated",
    code,
    advice:
      "Vault's copy of the issuer's keys does not verify the token: check oidc_discovery_url.",
  },
  {
    text: "invalid issuer (iss) claim",
    code,
    advice: "Set bound_issuer to exactly the issuer's URL, without a trailing slash.",
  },
  {
    text: "invalid subject (sub) claim",
    code,
    advice: "Compare the role's bound_subject with the token's sub.",
  },
  {
    text: "invalid audience (aud) claim",
    code,
    advice:
      "Add the token's audience to the role's bound_audiences, or pass one of them as audience.",
  },
  {
    text: "no audiences bound to the role",
    code,
    advice: "Set bound_audiences on the role; Vault demands it for tokens with an audience.",
  },
  {
    text: "unexpected algorithm",
    code,
    advice: "Add the token's algorithm to jwt_supported_algs.",
  },
  { text: "token not yet valid", code, advice: "The issuer's clock is ahead of Vault's." },
  { text: "token issued in the future", code, advice: "The issuer's clock is ahead of Vault's." },
  {
    text: "error validating claims",
    code,
    advice: "Compare the role's bound_claims with the token's claims.",
  },
  {
    text: "not found in token",
    code,
    advice: "The role wants a claim that the token does not have.",
  },
  { text: "error validating token", code, advice: "Run `signet doctor vault`." },
  { text: "Vault is sealed", code: "unavailable", retryable: true, advice: "Unseal Vault." },
  {
    text: "permission denied",
    code: "access_denied",
    advice: "Check the token_bound_cidrs of the role and the policies of the token.",
  },
];

/** What an error of Vault means for the caller. */
export function classifyVaultError(status: number, message: string): Judgement {
  // Go's client tries again on these; 412 is a replica that has not caught up.
  const again = status === 412 || status === 429 || status >= 500;
  const judgement = matchRule(rules, { codes: [], message }) ?? judgeStatus(status);
  if (!again) return { ...judgement, retryable: false };
  return { ...judgement, code: status === 429 ? "throttled" : "unavailable", retryable: true };
}
