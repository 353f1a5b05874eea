import type { AzurePlanParts } from "./azure_types.ts";
import { hcl, raw } from "./quote.ts";

/** The Azure plan in Terraform. */
export function azureTerraform(plan: AzurePlanParts): string {
  const { options } = plan;
  const app = options.target.kind === "app";
  const parts = app ? appParts(plan) : identityParts(plan);
  const principal = app
    ? "azuread_service_principal.workload.object_id"
    : "data.azurerm_user_assigned_identity.workload.principal_id";
  (options.roles ?? []).forEach(({ role, scope }, index) =>
    parts.push(hcl`resource "azurerm_role_assignment" "workload_${index}" {
  scope                = ${scope}
  role_definition_name = ${role}
  principal_id         = ${raw(principal)}
}
`)
  );
  const client = app
    ? "azuread_service_principal.workload.client_id"
    : "data.azurerm_user_assigned_identity.workload.client_id";
  parts.push(hcl`output "client_id" {
  value = ${raw(client)}
}
`);
  return parts.join("\n");
}

function appParts({ base, name, options }: AzurePlanParts): string[] {
  const appId = options.target.kind === "app" ? options.target.appId : undefined;
  const displayName = options.target.kind === "app" ? options.target.displayName ?? "" : "";
  const app = appId ? "data.azuread_application.workload" : "azuread_application.workload";
  return [
    appId
      ? hcl`data "azuread_application" "workload" {
  client_id = ${appId}
}
`
      : hcl`resource "azuread_application" "workload" {
  display_name = ${displayName}
}
`,
    hcl`resource "azuread_service_principal" "workload" {
  client_id    = ${raw(app)}.client_id
  use_existing = true
}
`,
    hcl`resource "azuread_application_federated_identity_credential" "workload" {
  application_id = ${raw(app)}.id # before azuread 2.44: application_object_id
  display_name   = ${name}
  issuer         = ${base.issuer}
  subject        = ${base.subject}
  audiences      = ${[base.audience]}
}
`,
  ];
}

function identityParts({ base, name, options }: AzurePlanParts): string[] {
  const target = options.target.kind === "managed-identity" ? options.target : undefined;
  return [
    hcl`data "azurerm_user_assigned_identity" "workload" {
  name                = ${target?.name ?? ""}
  resource_group_name = ${target?.resourceGroup ?? ""}
}
`,
    hcl`resource "azurerm_federated_identity_credential" "workload" {
  # older azurerm: parent_id and resource_group_name instead of user_assigned_identity_id
  user_assigned_identity_id = data.azurerm_user_assigned_identity.workload.id
  name                      = ${name}
  issuer                    = ${base.issuer}
  subject                   = ${base.subject}
  audience                  = ${[base.audience]}
}
`,
  ];
}
