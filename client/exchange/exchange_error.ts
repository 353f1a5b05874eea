import { CredentialError, type CredentialErrorDetails } from "../credentials/credential_error.ts";

/** What a token endpoint, or the way there, refused. `vendorCode` is the OAuth error, such as `invalid_grant`. */
export class TokenExchangeError extends CredentialError {
  /** Always `"TokenExchangeError"`. */
  override readonly name: string = "TokenExchangeError";
}

/** Makes the errors of one endpoint. */
export function exchangeFailure(
  endpoint: string,
): (details: CredentialErrorDetails) => TokenExchangeError {
  const { host } = new URL(endpoint);
  return (details) => new TokenExchangeError(`exchange the identity token at ${host}`, details);
}
