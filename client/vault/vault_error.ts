import { CredentialError, type CredentialErrorDetails } from "../credentials/credential_error.ts";

/** What Vault, or the way there, refused. Vault has no codes: `vendorCode` is the HTTP status. */
export class VaultError extends CredentialError {
  /** Always `"VaultError"`. */
  override readonly name: string = "VaultError";
}

/** Makes the errors of one action, which completes the sentence "Cannot …". */
export function vaultFailure(action: string): (details: CredentialErrorDetails) => VaultError {
  return (details) => new VaultError(action, details);
}
