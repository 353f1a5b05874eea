/**
 * Generators of the trust between a relying party and Signet. Pure: nothing is run, read or
 * written; every value is checked and quoted.
 *
 * @module
 */
export { setupAws } from "./aws.ts";
export type { AwsSetupOptions } from "./aws.ts";
export { setupGcp } from "./gcp.ts";
export type { GcpSetupOptions } from "./gcp.ts";
export { setupAzure } from "./azure.ts";
export type { AzureSetupOptions, AzureTarget } from "./azure.ts";
export { setupVault } from "./vault.ts";
export type { VaultSetupOptions } from "./vault.ts";
export { setupKubernetes } from "./kubernetes.ts";
export type { KubernetesSetupOptions } from "./kubernetes.ts";
export { awsThumbprint } from "./aws_thumbprint.ts";
export type { AwsThumbprint, TlsChain, TlsChainReader } from "./aws_thumbprint.ts";
export { issuerFitness } from "./issuer_fitness.ts";
export type { IssuerFitness } from "./issuer_fitness.ts";
export { SetupError } from "./types.ts";
export type {
  SetupArtifact,
  SetupErrorCode,
  SetupFault,
  SetupInput,
  SetupPlan,
  SetupVendor,
  SetupWorkload,
} from "./types.ts";
