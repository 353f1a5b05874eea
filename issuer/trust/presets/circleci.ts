import type { Preset } from "./preset.ts";

const BASE = "https://oidc.circleci.com/org/";

/** CircleCI: one issuer per organization, ids only. A token for our audience needs `circleci run oidc get`. */
export const circleci: Preset = {
  name: "circleci",
  title: "CircleCI",
  documentation:
    "https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/",
  params: {
    orgId: {
      description: "id of the organization",
      example: "6c2f4f62-6a24-4c1c-8b5d-2f9d5a6b7c8d",
      immutable: true,
    },
    projectId: {
      description: "id of the project",
      example: "0f9d6a1e-3b5c-4d7e-9f10-1a2b3c4d5e6f",
      claim: "oidc.circleci.com/project-id",
      immutable: true,
    },
    contextIds: {
      description: "ids of all contexts that the job uses",
      example: '["a74579f1-2e7d-451e-b009-5c082ad2729e"]',
      claim: "oidc.circleci.com/context-ids",
      type: "list",
    },
    origin: {
      description: "repository that the pipeline runs for",
      example: "github.com/acme/web",
      claim: "oidc.circleci.com/vcs-origin",
    },
    ref: {
      description: "branch or tag",
      example: "refs/heads/main",
      claim: "oidc.circleci.com/vcs-ref",
    },
    sshRerun: {
      description: "whether the job was rerun with SSH; false keeps people out",
      example: "false",
      claim: "oidc.circleci.com/ssh-rerun",
      type: "boolean",
    },
  },
  required: [["orgId"], ["projectId"]],
  issuer: (value) => `${BASE}${value("orgId")}`,
  owns: (issuer) => issuer.startsWith(BASE),
  identity: [],
  narrowing: [
    "oidc.circleci.com/context-ids",
    "oidc.circleci.com/vcs-ref",
    "oidc.circleci.com/vcs-origin",
    "sub",
  ],
  renameable: { "oidc.circleci.com/vcs-origin": ["oidc.circleci.com/project-id"] },
  singleUse: false,
  verified: {
    extra: {
      repository: "oidc.circleci.com/vcs-origin",
      project_id: "oidc.circleci.com/project-id",
      ref: "oidc.circleci.com/vcs-ref",
    },
  },
};
