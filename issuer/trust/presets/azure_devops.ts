import type { Preset } from "./preset.ts";

const BASE = "https://vstoken.dev.azure.com/";

/** Azure Pipelines; one issuer per organization, and an audience that nobody can choose. */
export const azureDevOps: Preset = {
  name: "azure-devops",
  title: "Azure DevOps",
  documentation:
    "https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create",
  params: {
    organizationId: {
      description: "id of the organization",
      example: "9c8b7a6d-0000-4000-8000-0f1e2d3c4b5a",
      immutable: true,
    },
    subject: {
      description: "p://organization/project/pipeline or sc://organization/project/connection",
      example: "p://acme/web/deploy",
      claim: "sub",
    },
    projectId: {
      description: "id of the project",
      example: "1a2b3c4d-0000-4000-8000-5e6f7a8b9c0d",
      claim: "prj_id",
      immutable: true,
    },
    pipelineId: {
      description: "id of the pipeline",
      example: "42",
      claim: "def_id",
      immutable: true,
    },
    repositoryId: {
      description: "id of the repository",
      example: "7d6c5b4a-0000-4000-8000-3f2e1d0c9b8a",
      claim: "rpo_id",
      immutable: true,
    },
    ref: { description: "branch or tag", example: "refs/heads/main", claim: "rpo_ref" },
  },
  required: [["organizationId"], ["subject", "projectId"]],
  issuer: (value) => `${BASE}${value("organizationId")}`,
  owns: (issuer) => issuer.startsWith(BASE),
  identity: [],
  narrowing: ["rpo_ref", "def_id", "sub"],
  renameable: { sub: ["prj_id", "def_id", "rpo_id"] },
  singleUse: true,
  audience: "api://AzureADTokenExchange",
  verified: {
    extra: {
      repository: "rpo_uri",
      repository_id: "rpo_id",
      commit: "rpo_ver",
      ref: "rpo_ref",
      run_id: "run_id",
    },
  },
};
