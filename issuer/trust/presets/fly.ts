import type { Preset } from "./preset.ts";

const BASE = "https://oidc.fly.io/";

/** Fly Machines; one issuer per organization. */
export const fly: Preset = {
  name: "fly",
  title: "Fly.io",
  documentation: "https://fly.io/docs/security/openid-connect/",
  params: {
    org: { description: "slug of the organization", example: "acme" },
    orgId: {
      description: "id of the organization",
      example: "11111111",
      claim: "org_id",
      immutable: true,
    },
    app: { description: "name of the app", example: "web", claim: "app_name" },
    appId: { description: "id of the app", example: "22222222", claim: "app_id", immutable: true },
    region: { description: "region of the machine", example: "ams", claim: "region" },
    machine: { description: "name of the machine", example: "web-1", claim: "machine_name" },
    imageDigest: {
      description: "digest of the image that runs",
      example: "sha256:2c1cdaded1b3820020c9dc9fdd1d6e798d6f6ca36861bb6ae64019fad6be9ee3",
      claim: "image_digest",
    },
  },
  required: [["org"], ["appId", "app"]],
  issuer: (value) => `${BASE}${value("org")}`,
  owns: (issuer) => issuer.startsWith(BASE),
  identity: [],
  renameable: {
    iss: ["org_id", "app_id"],
    org_name: ["org_id", "app_id"],
    app_name: ["app_id"],
    sub: ["app_id"],
  },
  singleUse: true,
  verified: {
    extra: {
      machine_id: "machine_id",
      machine_version: "machine_version",
      image_digest: "image_digest",
      region: "region",
    },
  },
};
