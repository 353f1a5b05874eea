import { CredentialError, type CredentialErrorDetails } from "../credentials/credential_error.ts";

/** What Entra, or the way there, refused. `vendorCode` is Entra's code, such as `AADSTS700213`. */
export class AzureCredentialError extends CredentialError {
  /** Always `"AzureCredentialError"`. */
  override readonly name: string = "AzureCredentialError";
}

/** Makes the errors of one action, which completes the sentence "Cannot …". */
export function azureFailure(
  action: string,
): (details: CredentialErrorDetails) => AzureCredentialError {
  return (details) => new AzureCredentialError(action, details);
}
