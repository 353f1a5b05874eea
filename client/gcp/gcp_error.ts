import { CredentialError, type CredentialErrorDetails } from "../credentials/credential_error.ts";

/** What Google, or the way there, refused. `vendorCode` is the code on the wire, such as `invalid_grant`. */
export class GoogleCredentialError extends CredentialError {
  /** Always `"GoogleCredentialError"`. */
  override readonly name: string = "GoogleCredentialError";
}

/** Makes the errors of one action, which completes the sentence "Cannot …". */
export function googleFailure(
  action: string,
): (details: CredentialErrorDetails) => GoogleCredentialError {
  return (details) => new GoogleCredentialError(action, details);
}
