import { hcl, raw } from "./quote.ts";
import { VAULT_ALGORITHMS, type VaultPlanParts } from "./vault_types.ts";

/** The Vault plan in Terraform. */
export function vaultTerraform(
  { base, mount, role, policies, org, ttl, ca }: VaultPlanParts,
  policy: string,
): string {
  const pem = ca ? hcl`\n  oidc_discovery_ca_pem = ${ca}` : "";
  const backend = base.reuseIssuerEntry
    ? hcl`data "vault_auth_backend" "signet" {
  path = ${mount}
}
`
    : hcl`resource "vault_jwt_auth_backend" "signet" {
  path               = ${mount}
  oidc_discovery_url = ${base.issuer}
  bound_issuer       = ${base.issuer}
  jwt_supported_algs = ${VAULT_ALGORITHMS}${raw(pem)}
}
`;
  const path = base.reuseIssuerEntry
    ? "data.vault_auth_backend.signet"
    : "vault_jwt_auth_backend.signet";
  const subject = base.perDeployment
    ? hcl`bound_claims_type = "glob"
  bound_claims = {
    org = ${org}
    sub = ${`${base.subject},${base.subject}/*`}
  }`
    : hcl`bound_subject   = ${base.subject}
  bound_claims = {
    org = ${org}
  }`;
  const rules = policy
    ? hcl`
resource "vault_policy" "workload" {
  name   = ${role}
  policy = ${policy}
}
`
    : "";
  return hcl`${raw(backend)}
resource "vault_jwt_auth_backend_role" "workload" {
  backend         = ${raw(path)}.path
  role_name       = ${role}
  role_type       = "jwt"
  user_claim      = "sub"
  bound_audiences = ${[base.audience]}
  ${raw(subject)}
  token_policies = ${policies}
  token_ttl      = ${ttl}
  token_max_ttl  = ${Math.max(ttl, 3600)}
}
${raw(rules)}`;
}
