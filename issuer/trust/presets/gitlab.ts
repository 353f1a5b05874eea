import type { Preset } from "./preset.ts";

const ISSUER = "https://gitlab.com";

/** GitLab CI `id_tokens`, on gitlab.com or an own instance. A fork's merge request says the fork's project. */
export const gitlab: Preset = {
  name: "gitlab",
  title: "GitLab CI",
  documentation: "https://docs.gitlab.com/ci/secrets/id_token_authentication/",
  params: {
    project: {
      description: "path of the project",
      example: "acme/web",
      claim: "project_path",
    },
    projectId: {
      description: "id of the project",
      example: "456789",
      claim: "project_id",
      immutable: true,
    },
    group: { description: "path of the group", example: "acme", claim: "namespace_path" },
    groupId: {
      description: "id of the group",
      example: "123456",
      claim: "namespace_id",
      immutable: true,
    },
    environment: {
      description: "environment of the job",
      example: "production",
      claim: "environment",
    },
    ref: { description: "branch or tag, without refs/heads", example: "main", claim: "ref" },
    refType: { description: "branch or tag", example: "branch", claim: "ref_type" },
    refProtected: {
      description: '"true" where the ref is protected: GitLab writes text',
      example: "true",
      claim: "ref_protected",
    },
    pipelineSource: {
      description: "what started the pipeline",
      example: "push",
      claim: "pipeline_source",
    },
    issuer: { description: "URL of an own instance", example: "https://gitlab.example.com" },
  },
  required: [["projectId", "project", "groupId", "group"]],
  issuer: (value) => value("issuer") ?? ISSUER,
  owns: (issuer) => issuer === ISSUER,
  identity: [
    { claim: "project_id" },
    { claim: "namespace_id" },
    { claim: "project_path", fixedSegments: 1 },
    { claim: "namespace_path", fixedSegments: 1 },
    { claim: "sub", fixedSegments: 2 },
  ],
  narrowing: ["environment", "ref", "ref_protected", "pipeline_source", "sub"],
  renameable: {
    project_path: ["project_id"],
    namespace_path: ["namespace_id", "project_id"],
    sub: ["project_id"],
  },
  singleUse: false,
  verified: {
    extra: {
      repository: "project_path",
      repository_id: "project_id",
      commit: "sha",
      ref: "ref",
      environment: "environment",
      event: "pipeline_source",
      run_id: "pipeline_id",
      job_id: "job_id",
      actor: "user_login",
    },
  },
};
