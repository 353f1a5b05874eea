import type { GcpPlanParts } from "./gcp_types.ts";
import { hcl, raw } from "./quote.ts";

/** The Google Cloud plan in Terraform. */
export function gcpTerraform(plan: GcpPlanParts): string {
  const { options } = plan;
  const parts = plan.base.reuseIssuerEntry ? [] : [pool(plan), provider(plan)];
  if (options.serviceAccount) parts.push(binding(plan, options.serviceAccount));
  (options.roles ?? []).forEach((role, index) => parts.push(grant(plan, { role, index })));
  parts.push(hcl`output "audience" {
  value = ${plan.base.audience}
}
`);
  return parts.join("\n");
}

function pool({ names, options }: GcpPlanParts): string {
  return hcl`resource "google_iam_workload_identity_pool" "signet" {
  project                   = ${options.projectId}
  workload_identity_pool_id = ${names.pool}
}
`;
}

function provider({ base, names, condition, jwks, options }: GcpPlanParts): string {
  const audiences = base.audience === names.audience
    ? ""
    : hcl`\n    allowed_audiences = ${[base.audience]}`;
  const upload = jwks === undefined ? "" : hcl`\n    jwks_json = ${JSON.stringify(jwks)}`;
  return hcl`resource "google_iam_workload_identity_pool_provider" "signet" {
  project                            = ${options.projectId}
  workload_identity_pool_id          = google_iam_workload_identity_pool.signet.workload_identity_pool_id
  workload_identity_pool_provider_id = ${names.provider}
  attribute_mapping = {
    "google.subject"    = "assertion.sub"
    "attribute.org"     = "assertion.org"
    "attribute.app"     = "assertion.app"
    "attribute.context" = "assertion.context"
  }
  attribute_condition = ${condition}
  oidc {
    issuer_uri = ${base.issuer}${raw(audiences)}${raw(upload)}
  }
}
`;
}

function binding({ member, options }: GcpPlanParts, account: string): string {
  const project = account.split("@")[1]?.split(".")[0] ?? options.projectId;
  return hcl`resource "google_service_account_iam_member" "workload" {
  service_account_id = ${`projects/${project}/serviceAccounts/${account}`}
  role               = "roles/iam.workloadIdentityUser"
  member             = ${member}
}
`;
}

function grant(
  { member, options }: GcpPlanParts,
  { role, index }: { readonly role: string; readonly index: number },
): string {
  const holder = options.serviceAccount ? `serviceAccount:${options.serviceAccount}` : member;
  return hcl`resource "google_project_iam_member" "workload_${index}" {
  project = ${options.projectId}
  role    = ${role}
  member  = ${holder}
}
`;
}
