import type { Preset } from "./preset.ts";

const ISSUER = "https://app.terraform.io";

/** HCP Terraform, or an own Terraform Enterprise. */
export const terraformCloud: Preset = {
  name: "terraform-cloud",
  aliases: ["terraform"],
  title: "HCP Terraform",
  documentation:
    "https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/workload-identity-tokens",
  params: {
    organization: {
      description: "name of the organization",
      example: "acme",
      claim: "terraform_organization_name",
    },
    organizationId: {
      description: "id of the organization",
      example: "org-GRNbCjYNpBB6NEBH",
      claim: "terraform_organization_id",
      immutable: true,
    },
    project: {
      description: "name of the project",
      example: "shop",
      claim: "terraform_project_name",
    },
    projectId: {
      description: "id of the project",
      example: "prj-vegSA59s1XPwMr2t",
      claim: "terraform_project_id",
      immutable: true,
    },
    workspace: {
      description: "name of the workspace",
      example: "production",
      claim: "terraform_workspace_name",
    },
    workspaceId: {
      description: "id of the workspace",
      example: "ws-mbsd5E3Ktt5Rg2Xm",
      claim: "terraform_workspace_id",
      immutable: true,
    },
    runPhase: {
      description: "plan or apply",
      example: "apply",
      claim: "terraform_run_phase",
    },
    issuer: {
      description: "URL of an own Terraform Enterprise",
      example: "https://terraform.example.com",
    },
  },
  required: [["organizationId", "organization", "workspaceId"], ["workspaceId", "workspace"]],
  issuer: (value) => value("issuer") ?? ISSUER,
  owns: (issuer) => issuer === ISSUER,
  identity: [
    { claim: "terraform_organization_id" },
    { claim: "terraform_project_id" },
    { claim: "terraform_workspace_id" },
    { claim: "terraform_organization_name" },
    { claim: "terraform_full_workspace", fixedSegments: 2 },
    { claim: "sub", fixedSegments: 2 },
  ],
  narrowing: ["terraform_run_phase", "sub"],
  renameable: {
    terraform_organization_name: [
      "terraform_organization_id",
      "terraform_project_id",
      "terraform_workspace_id",
    ],
    terraform_project_name: ["terraform_project_id", "terraform_workspace_id"],
    terraform_workspace_name: ["terraform_workspace_id"],
    terraform_full_workspace: ["terraform_workspace_id"],
    sub: ["terraform_workspace_id"],
  },
  singleUse: false,
  verified: {
    extra: {
      project: "terraform_project_name",
      workspace: "terraform_workspace_name",
      workspace_id: "terraform_workspace_id",
      run_id: "terraform_run_id",
      run_phase: "terraform_run_phase",
    },
  },
};
