import type { GcpPlanParts } from "./gcp_types.ts";
import { raw, sh } from "./quote.ts";

const MAPPING =
  "google.subject=assertion.sub,attribute.org=assertion.org,attribute.app=assertion.app,attribute.context=assertion.context";

/** The gcloud commands and the variables that they read. */
export function gcpCommands(
  plan: GcpPlanParts,
): { readonly variables: Record<string, string>; readonly body: string } {
  const { base, names, options } = plan;
  const variables: Record<string, string> = {
    project: options.projectId,
    number: options.projectNumber,
    pool: names.pool,
    provider: names.provider,
    issuer: base.issuer,
    mapping: MAPPING,
    condition: plan.condition,
    member: plan.member,
  };
  if (base.audience !== names.audience) variables.audience = base.audience;
  if (plan.jwks) variables.jwks = JSON.stringify(plan.jwks);
  if (options.serviceAccount) Object.assign(variables, accountVariables(options.serviceAccount));
  const parts = [project(), pool(), provider(plan), account(plan), roles(plan)];
  return { variables, body: parts.filter((part) => part !== "").join("\n\n") };
}

function accountVariables(email: string): Record<string, string> {
  const [name = "", host = ""] = email.split("@");
  return {
    account: email,
    account_name: name,
    account_project: host.replace(/\.iam\.gserviceaccount\.com$/, ""),
  };
}

function project(): string {
  return `actual=$(gcloud projects describe "$project" --format='value(projectNumber)')
[ "$actual" = "$number" ] || stop "Cannot go on: project $project has number $actual, the plan says $number."
gcloud services enable iam.googleapis.com sts.googleapis.com iamcredentials.googleapis.com \\
  --project="$project"`;
}

function pool(): string {
  return `# 1. The pool; a deleted one keeps its name for 30 days and is brought back
if exists NOT_FOUND gcloud iam workload-identity-pools describe "$pool" \\
  --project="$project" --location=global --format='value(state)'; then
  if [ "$found" = DELETED ]; then
    gcloud iam workload-identity-pools undelete "$pool" --project="$project" --location=global
  fi
else
  gcloud iam workload-identity-pools create "$pool" --project="$project" --location=global
fi`;
}

function provider({ base, names, jwks }: GcpPlanParts): string {
  const upload = jwks === undefined ? "" : `
jwks_file=$(mktemp)
trap 'rm -f "$errors" "$jwks_file"' EXIT
printf '%s\\n' "$jwks" >"$jwks_file"
settings+=(--jwk-json-path="$jwks_file")`;
  const audience = base.audience === names.audience ? "" : `
settings+=(--allowed-audiences="$audience")`;
  return sh`# 2. The provider: issuer, audience and condition
place=(--project="$project" --location=global --workload-identity-pool="$pool")
settings=(--issuer-uri="$issuer" --attribute-mapping="$mapping" --attribute-condition="$condition")${
    raw(audience)
  }${raw(upload)}
if exists NOT_FOUND gcloud iam workload-identity-pools providers describe "$provider" \\
  "${raw("${place[@]}")}" --format='value(oidc.issuerUri)'; then
  [ "$found" = "$issuer" ] || stop "Cannot go on: provider $provider trusts $found; plan with another provider."
  state=$(gcloud iam workload-identity-pools providers describe "$provider" "${
    raw("${place[@]}")
  }" --format='value(state)')
  if [ "$state" = DELETED ]; then
    gcloud iam workload-identity-pools providers undelete "$provider" "${raw("${place[@]}")}"
  fi
  gcloud iam workload-identity-pools providers update-oidc "$provider" "${raw("${place[@]}")}" "${
    raw("${settings[@]}")
  }"
else
  gcloud iam workload-identity-pools providers create-oidc "$provider" "${raw("${place[@]}")}" "${
    raw("${settings[@]}")
  }"
fi`;
}

function account({ options }: GcpPlanParts): string {
  if (!options.serviceAccount) return "";
  return `# 3. The service account and the one subject that may impersonate it
if ! exists NOT_FOUND gcloud iam service-accounts describe "$account" --project="$account_project" --format='value(email)'; then
  gcloud iam service-accounts create "$account_name" --project="$account_project"
fi
gcloud iam service-accounts add-iam-policy-binding "$account" --project="$account_project" \\
  --role=roles/iam.workloadIdentityUser --member="$member" --condition=None`;
}

function roles({ options }: GcpPlanParts): string {
  const list = options.roles ?? [];
  if (list.length === 0) return "";
  const holder = options.serviceAccount ? "serviceAccount:$account" : "$member";
  return sh`# What it may do
for role in ${list}; do
  gcloud projects add-iam-policy-binding "$project" --role="$role" --member="${
    raw(holder)
  }" --condition=None
done`;
}
