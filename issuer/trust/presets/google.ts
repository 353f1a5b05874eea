import type { ClaimMatcher } from "../rule.ts";
import type { Preset } from "./preset.ts";

const ISSUER = "https://accounts.google.com";

/** Google Cloud identity tokens from the metadata server (`format=full` for the machine's claims). */
export const google: Preset = {
  name: "google",
  aliases: ["google-cloud", "gcp"],
  title: "Google Cloud",
  documentation: "https://cloud.google.com/compute/docs/instances/verifying-instance-identity",
  params: {
    serviceAccountId: {
      description: "unique id of the service account, digits",
      example: "117624302014157812345",
      claim: "sub",
      immutable: true,
    },
    serviceAccount: {
      description: "email address of the service account",
      example: "web@acme-prod.iam.gserviceaccount.com",
      claim: "email",
      literal: true,
    },
    project: {
      description: "id of the project of the machine",
      example: "acme-prod",
      claim: "/google/compute_engine/project_id",
      immutable: true,
    },
    projectNumber: {
      description: "number of the project of the machine",
      example: "739419398126",
      claim: "/google/compute_engine/project_number",
      type: "number",
      immutable: true,
    },
    zone: {
      description: "zone of the machine",
      example: "europe-west1-b",
      claim: "/google/compute_engine/zone",
    },
    instanceId: {
      description: "id of the machine",
      example: "152986662232938449",
      claim: "/google/compute_engine/instance_id",
      immutable: true,
    },
  },
  required: [["serviceAccountId", "serviceAccount"]],
  issuer: () => ISSUER,
  // An address that Google has not checked may be anybody's.
  claims: (value): Record<string, ClaimMatcher> =>
    value("serviceAccount") === undefined ? {} : { email_verified: true },
  owns: (issuer) => issuer === ISSUER,
  jwksHosts: ["www.googleapis.com"],
  identity: [
    { claim: "sub" },
    { claim: "email" },
    { claim: "azp" },
    { claim: "/google/compute_engine/project_id" },
    { claim: "/google/compute_engine/project_number" },
    { claim: "/google/compute_engine/instance_id" },
  ],
  renameable: { email: ["sub"] },
  // The metadata server gives out one token for up to an hour: the next exchange brings the same.
  singleUse: false,
  verified: {
    extra: {
      service_account: "email",
      project: "/google/compute_engine/project_id",
      zone: "/google/compute_engine/zone",
      instance_id: "/google/compute_engine/instance_id",
    },
  },
};
