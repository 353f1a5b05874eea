/** Every reason why a token is refused; switch on it, the message is for people. */
export type TokenVerificationErrorCode =
  | "token_too_large"
  | "token_malformed"
  | "header_invalid"
  | "type_not_allowed"
  | "algorithm_not_allowed"
  | "claim_invalid"
  | "issuer_mismatch"
  | "audience_mismatch"
  | "token_expired"
  | "token_not_yet_valid"
  | "token_too_old"
  | "lifetime_too_long"
  | "key_not_found"
  | "key_mismatch"
  | "signature_invalid"
  | "keys_unavailable";

/** What {@linkcode TokenVerificationError} carries besides its message. */
export interface TokenVerificationErrorOptions {
  /** Name of the claim or header member at fault, where one is. */
  readonly claim?: string;
  /** The failure underneath, for `keys_unavailable`. */
  readonly cause?: unknown;
}

/**
 * A token was refused. Neither the message nor `cause` ever holds the token or a value from it.
 *
 * `keys_unavailable` alone is a fault of the network or the issuer and worth a retry; every other
 * code is a verdict on the token.
 */
export class TokenVerificationError extends Error {
  /** Always `"TokenVerificationError"`. */
  override readonly name = "TokenVerificationError";
  /** The literal reason. */
  readonly code: TokenVerificationErrorCode;
  /** Name of the claim or header member at fault, where one is. */
  readonly claim: string | undefined;

  /** Makes the error for `code`; `state` completes the sentence "Cannot verify token: …". */
  constructor(
    code: TokenVerificationErrorCode,
    state: string,
    options: TokenVerificationErrorOptions = {},
  ) {
    super(`Cannot verify token: ${state}`, { cause: options.cause });
    this.code = code;
    this.claim = options.claim;
  }
}
