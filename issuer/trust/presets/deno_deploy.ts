import type { Preset } from "./preset.ts";

const ISSUER = "https://oidc.deno.com";

/** Deno Deploy's own tokens: one issuer for everybody, ids as claims, slugs in `sub`. */
export const denoDeploy: Preset = {
  name: "deno-deploy",
  aliases: ["deno"],
  title: "Deno Deploy",
  documentation: "https://docs.deno.com/deploy/reference/oidc/",
  params: {
    appId: {
      description: "id of the app",
      example: "16ad21d8-7aeb-4155-8aa3-9f58df87cd3e",
      claim: "app_id",
      immutable: true,
    },
    orgId: {
      description: "id of the organization",
      example: "729adb8f-20d6-4b09-bb14-fac14cb260d1",
      claim: "org_id",
      immutable: true,
    },
    contextId: {
      description: "id of the context",
      example: "1d685676-92d7-418d-b103-75b46f1a58b4",
      claim: "context_id",
      immutable: true,
    },
    context: { description: "name of the context", example: "production", claim: "context_name" },
    org: { description: "slug of the organization", example: "acme", claim: "org_slug" },
    app: { description: "slug of the app", example: "web", claim: "app_slug" },
  },
  required: [["appId", "app", "contextId"], ["context", "contextId"]],
  issuer: () => ISSUER,
  owns: (issuer) => issuer === ISSUER,
  identity: [
    { claim: "app_id" },
    { claim: "org_id" },
    { claim: "context_id" },
    { claim: "org_slug" },
    { claim: "sub", fixedSegments: 2 },
  ],
  narrowing: ["context_name", "context_id", "sub"],
  renameable: {
    org_slug: ["org_id", "app_id", "context_id"],
    app_slug: ["app_id", "context_id"],
    sub: ["app_id", "context_id"],
  },
  singleUse: true,
  verified: {
    deploymentId: "deployment_id",
    revisionId: "revision_id",
    extra: { environment: "context_name" },
  },
};
