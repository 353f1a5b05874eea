import type { Preset } from "./preset.ts";

const ISSUER = "https://token.actions.githubusercontent.com";

/** GitHub Actions, on github.com or an enterprise's own issuer; Forgejo and Gitea speak the same. */
export const github: Preset = {
  name: "github",
  aliases: ["github-actions"],
  title: "GitHub Actions",
  documentation: "https://docs.github.com/actions/reference/security/oidc",
  params: {
    repository: {
      description: "owner and name of the repository",
      example: "acme/web",
      claim: "repository",
    },
    repositoryId: {
      description: "id of the repository",
      example: "456789",
      claim: "repository_id",
      immutable: true,
    },
    owner: {
      description: "user or organization that owns the repository",
      example: "acme",
      claim: "repository_owner",
    },
    ownerId: {
      description: "id of the owner",
      example: "123456",
      claim: "repository_owner_id",
      immutable: true,
    },
    environment: {
      description: "environment of the job",
      example: "production",
      claim: "environment",
    },
    ref: { description: "branch or tag", example: "refs/heads/main", claim: "ref" },
    event: { description: "event that started the run", example: "push", claim: "event_name" },
    workflowRef: {
      description: "workflow file and its ref",
      example: "acme/web/.github/workflows/deploy.yml@refs/heads/main",
      claim: "workflow_ref",
    },
    jobWorkflowRef: {
      description: "reusable workflow file and its ref",
      example: "acme/ci/.github/workflows/deploy.yml@refs/heads/main",
      claim: "job_workflow_ref",
    },
    issuer: {
      description: "issuer of GitHub Enterprise, Forgejo or Gitea",
      example: "https://github.example.com/_services/token",
    },
  },
  required: [["repositoryId", "repository", "ownerId", "owner"]],
  issuer: (value) => value("issuer") ?? ISSUER,
  owns: (issuer) => issuer === ISSUER || issuer.startsWith(`${ISSUER}/`),
  identity: [
    { claim: "repository_id" },
    { claim: "repository_owner_id" },
    { claim: "enterprise_id" },
    { claim: "repository", fixedSegments: 1 },
    { claim: "repository_owner" },
    { claim: "enterprise" },
    { claim: "workflow_ref", fixedSegments: 1 },
    { claim: "sub", fixedSegments: 2 },
  ],
  narrowing: ["environment", "ref", "event_name", "workflow_ref", "job_workflow_ref", "sub"],
  renameable: {
    repository: ["repository_id"],
    repository_owner: ["repository_owner_id", "repository_id"],
    workflow_ref: ["repository_id"],
    sub: ["repository_id"],
  },
  // Repositories made, renamed or moved after 2026-07-15: repo:OWNER@OWNER-ID/REPO@REPO-ID:…
  isImmutable: (claim, value) => claim === "sub" && hasIds(value),
  singleUse: true,
  verified: {
    extra: {
      repository: "repository",
      repository_id: "repository_id",
      commit: "sha",
      ref: "ref",
      environment: "environment",
      event: "event_name",
      workflow: "workflow_ref",
      run_id: "run_id",
      actor: "actor",
    },
  },
};

function hasIds(sub: string): boolean {
  const [kind, path = ""] = sub.split(":");
  const names = path.split("/");
  return kind === "repo" && names.length === 2 && names.every((name) => /^[^@]+@\d+$/.test(name));
}
