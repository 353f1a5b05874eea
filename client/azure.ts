/**
 * Azure for a workload: an identity token in; a credential for any Azure client, or the assertion callback for
 * `@azure/identity`, out.
 *
 * @example
 * ```ts
 * import { azureCredential } from "@signet/oidc/client/azure";
 *
 * const credential = azureCredential({
 *   tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
 *   clientId: "11111111-2222-3333-4444-555555555555",
 * });
 * // new SecretClient("https://shop.vault.azure.net", credential)
 * ```
 *
 * @module
 */
export { azureAssertion } from "./azure/azure_assertion.ts";
export { azureCredential } from "./azure/azure_credential.ts";
export { AzureCredentialError } from "./azure/azure_error.ts";
export type { AzureCloud } from "./azure/clouds.ts";
export type {
  AzureAbortSignal,
  AzureAccessToken,
  AzureAssertionOptions,
  AzureCredential,
  AzureCredentialOptions,
  AzureGetTokenOptions,
} from "./azure/options.ts";
export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
