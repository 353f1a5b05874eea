import { CredentialError, type CredentialErrorDetails } from "../credentials/credential_error.ts";

/** What AWS STS, or the way there, refused. `vendorCode` is the code on the wire, such as `AccessDenied`. */
export class AwsCredentialError extends CredentialError {
  /** Always `"AwsCredentialError"`. */
  override readonly name: string = "AwsCredentialError";
}

/** Makes the errors of one action, which completes the sentence "Cannot …". */
export function awsFailure(
  action: string,
): (details: CredentialErrorDetails) => AwsCredentialError {
  return (details) => new AwsCredentialError(action, details);
}
