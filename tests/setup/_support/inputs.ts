import {
  setupAws,
  setupAzure,
  setupGcp,
  type SetupInput,
  setupKubernetes,
  type SetupPlan,
  setupVault,
} from "../../../setup/mod.ts";

/** A valid input; `changes` replace members. */
export function someInput(changes: Partial<SetupInput> = {}): SetupInput {
  return {
    issuer: "https://id.acme.test/tenant",
    workload: { org: "acme", app: "web", context: "production" },
    ...changes,
  };
}

export const UUID = "11111111-2222-3333-4444-555555555555";
export const PEM =
  "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2FuIG5vdCBiZSBhIHJlYWwgb25l\n-----END CERTIFICATE-----\n";

/** One planner per vendor, every option in use. */
export const PLANNERS: Readonly<Record<string, (input: SetupInput) => SetupPlan>> = {
  aws: (input) =>
    setupAws(input, {
      accountId: "123456789012",
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      sessionTags: true,
      sourceIdentity: true,
      requireRoleClaim: true,
      thumbprint: "0123456789abcdef0123456789abcdef01234567",
    }),
  gcp: (input) =>
    setupGcp(input, {
      projectId: "acme-prod",
      projectNumber: "123456789",
      serviceAccount: "web-app@acme-prod.iam.gserviceaccount.com",
      roles: ["roles/storage.objectViewer"],
      admit: "workload",
      jwks: { keys: [{ kty: "RSA", kid: "a", alg: "RS256", use: "sig", n: "AQAB", e: "AQAB" }] },
    }),
  "azure app": (input) =>
    setupAzure(input, {
      tenantId: UUID,
      subscriptionId: UUID,
      target: { kind: "app", displayName: "Acme web (prod)" },
      roles: [{ role: "Storage Blob Data Reader", scope: `/subscriptions/${UUID}` }],
    }),
  "azure identity": (input) =>
    setupAzure(input, {
      tenantId: UUID,
      subscriptionId: UUID,
      target: { kind: "managed-identity", name: "web-id", resourceGroup: "rg-1" },
    }),
  vault: (input) => setupVault(input, { readPaths: ["secret/data/web/*"], issuerCa: PEM }),
  kubernetes: (input) =>
    setupKubernetes(input, {
      admit: "workload",
      server: "https://k8s.acme.test:6443",
      clusterCa: PEM,
      issuerCa: PEM,
    }),
};
