import type { Preset } from "./preset.ts";

/** Another Signet. Its names are never reused, so a subject is as good as an id. */
export const signet: Preset = {
  name: "signet",
  title: "another Signet",
  documentation: "https://jsr.io/@signet/oidc",
  params: {
    issuer: { description: "URL of the other Signet", example: "https://id.example.com" },
    workload: {
      description: "id of the workload there",
      example: "web",
      claim: "workload",
      immutable: true,
    },
    org: { description: "first part of the subject", example: "acme", claim: "org" },
    app: { description: "second part of the subject", example: "web", claim: "app" },
    context: { description: "third part of the subject", example: "production", claim: "context" },
    subject: {
      description: "the whole subject",
      example: "deployment:acme/web/production",
      claim: "sub",
      immutable: true,
    },
  },
  required: [["issuer"], ["workload", "subject", "org"]],
  issuer: (value) => value("issuer")!,
  owns: () => false,
  identity: [
    { claim: "workload" },
    { claim: "org" },
    { claim: "sub", fixedSegments: 2 },
  ],
  renameable: {},
  singleUse: true,
  verified: {
    deploymentId: "deployment_id",
    revisionId: "revision_id",
    extra: { environment: "context" },
  },
};
