import { CredentialError } from "../credentials/credential_error.ts";

/** What stands between a workload and its API server before any request is made. */
export class KubernetesCredentialError extends CredentialError {
  /** Always `"KubernetesCredentialError"`. */
  override readonly name: string = "KubernetesCredentialError";
}

/** The error for an audience that nobody named. */
export function noAudience(): KubernetesCredentialError {
  return new KubernetesCredentialError("get a token for Kubernetes", {
    code: "not_configured",
    vendorMessage: "no audience is named",
    advice:
      "Pass audience, or set SIGNET_KUBERNETES_AUDIENCE, to one of issuer.audiences in the API server's AuthenticationConfiguration.",
  });
}
