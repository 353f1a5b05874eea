/**
 * Kubernetes for a workload: bearer tokens for an API server, and what kubectl's exec plugins print.
 *
 * @example
 * ```ts
 * import { kubernetesToken } from "@signet/oidc/client/kubernetes";
 *
 * const token = kubernetesToken({ audience: "https://cluster.example" });
 * // fetch(url, { headers: { authorization: `Bearer ${await token()}` } })
 * ```
 *
 * @module
 */
export { execCredential } from "./kubernetes/exec_credential.ts";
export { KubernetesCredentialError } from "./kubernetes/kubernetes_error.ts";
export { kubernetesToken } from "./kubernetes/kubernetes_token.ts";
export type {
  ExecCredential,
  KubernetesTokenOptions,
  KubernetesTokenSource,
} from "./kubernetes/options.ts";
export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
