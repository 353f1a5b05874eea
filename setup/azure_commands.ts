import type { AzurePlanParts } from "./azure_types.ts";
import { sh } from "./quote.ts";

/** The az commands and the variables that they read. */
export function azureCommands(
  plan: AzurePlanParts,
): { readonly variables: Record<string, string>; readonly body: string } {
  const { base, name, options } = plan;
  const variables: Record<string, string> = {
    tenant: options.tenantId,
    subscription: options.subscriptionId,
    name,
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
  };
  const { target } = options;
  const parts = [login()];
  if (target.kind === "app") {
    variables.credential = JSON.stringify(plan.credential);
    if (target.appId) variables.app_id = target.appId;
    else variables.app_name = target.displayName ?? "";
    parts.push(target.appId ? principal() : application() + "\n" + principal(), appCredential());
  } else {
    Object.assign(variables, { identity: target.name, group: target.resourceGroup });
    parts.push(identity(), identityCredential());
  }
  for (const { role, scope } of options.roles ?? []) parts.push(assignment(role, scope));
  parts.push(`printf 'Client id: %s\\n' "$app_id"`);
  return { variables, body: parts.join("\n\n") };
}

function login(): string {
  return `actual=$(az account show --query tenantId --output tsv)
[ "$actual" = "$tenant" ] || stop "Cannot go on: logged in to tenant $actual, the plan is for $tenant."`;
}

function application(): string {
  return `# 1. The application
app_id=$(az ad app list --filter "displayName eq '$app_name'" --query '[].appId' --output tsv)
case "$app_id" in
  *$'\\n'*) stop "Cannot go on: several applications are called $app_name; plan with the appId of one." ;;
  '') app_id=$(az ad app create --display-name "$app_name" --query appId --output tsv) ;;
esac`;
}

function principal(): string {
  return `principal=$(az ad sp list --filter "appId eq '$app_id'" --query '[].id' --output tsv)
if [ -z "$principal" ]; then
  principal=$(az ad sp create --id "$app_id" --query id --output tsv)
fi`;
}

function appCredential(): string {
  return `# 2. Issuer, subject and audience that may log in as it
there=$(az ad app federated-credential list --id "$app_id" --query "[?name=='$name'].name" --output tsv)
if [ -n "$there" ]; then
  az ad app federated-credential update --id "$app_id" --federated-credential-id "$name" \\
    --parameters "$credential"
else
  az ad app federated-credential create --id "$app_id" --parameters "$credential"
fi`;
}

function identity(): string {
  return `# 1. The managed identity
place=(--resource-group "$group" --subscription "$subscription")
there=$(az identity list "\${place[@]}" --query "[?name=='$identity'].name" --output tsv)
if [ -z "$there" ]; then
  az identity create --name "$identity" "\${place[@]}" --output none
fi
app_id=$(az identity show --name "$identity" "\${place[@]}" --query clientId --output tsv)
principal=$(az identity show --name "$identity" "\${place[@]}" --query principalId --output tsv)`;
}

function identityCredential(): string {
  return `# 2. Issuer, subject and audience that may log in as it
there=$(az identity federated-credential list --identity-name "$identity" "\${place[@]}" \\
  --query "[?name=='$name'].name" --output tsv)
verb=create
if [ -n "$there" ]; then verb=update; fi
az identity federated-credential "$verb" --name "$name" --identity-name "$identity" "\${place[@]}" \\
  --issuer "$issuer" --subject "$subject" --audiences "$audience"`;
}

function assignment(role: string, scope: string): string {
  return sh`# What it may do
role=${role}
scope=${scope}
there=$(az role assignment list --assignee "$principal" --role "$role" --scope "$scope" \\
  --subscription "$subscription" --query '[].id' --output tsv)
if [ -z "$there" ]; then
  az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \\
    --role "$role" --scope "$scope" --subscription "$subscription"
fi`;
}
