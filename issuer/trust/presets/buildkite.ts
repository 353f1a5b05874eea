import type { Preset } from "./preset.ts";

const ISSUER = "https://agent.buildkite.com";

/** Buildkite: one issuer for everybody. The ids stand in a token only where the job asks: `--claim organization_id,pipeline_id`. */
export const buildkite: Preset = {
  name: "buildkite",
  title: "Buildkite",
  documentation: "https://buildkite.com/docs/agent/cli/reference/oidc",
  params: {
    organization: {
      description: "slug of the organization",
      example: "acme-inc",
      claim: "organization_slug",
    },
    organizationId: {
      description: "id of the organization",
      example: "0184990a-477b-4fa8-9968-496074483cee",
      claim: "organization_id",
      immutable: true,
    },
    pipeline: { description: "slug of the pipeline", example: "web", claim: "pipeline_slug" },
    pipelineId: {
      description: "id of the pipeline",
      example: "0184990a-4782-42b5-afc1-16715b10b8ff",
      claim: "pipeline_id",
      immutable: true,
    },
    branch: { description: "branch of the build", example: "main", claim: "build_branch" },
    tag: { description: "tag of the build", example: "v1.0.0", claim: "build_tag" },
    source: { description: "what started the build", example: "webhook", claim: "build_source" },
    step: { description: "key of the step", example: "deploy", claim: "step_key" },
    clusterId: {
      description: "id of the cluster",
      example: "0184990a-4790-4f5e-8b61-6d2a5a1c0e77",
      claim: "cluster_id",
      immutable: true,
    },
  },
  required: [["organizationId", "organization"], ["pipelineId", "pipeline"]],
  issuer: () => ISSUER,
  owns: (issuer) => issuer === ISSUER,
  identity: [
    { claim: "organization_id" },
    { claim: "pipeline_id" },
    { claim: "cluster_id" },
    { claim: "organization_slug" },
    { claim: "sub", fixedSegments: 2 },
  ],
  narrowing: ["build_branch", "build_tag", "build_source", "step_key", "cluster_id", "sub"],
  renameable: {
    organization_slug: ["organization_id", "pipeline_id"],
    pipeline_slug: ["pipeline_id"],
    sub: ["pipeline_id"],
  },
  singleUse: true,
  verified: {
    extra: {
      repository: "pipeline_slug",
      commit: "build_commit",
      ref: "build_branch",
      event: "build_source",
      run_id: "build_number",
      job_id: "job_id",
      step: "step_key",
    },
  },
};
