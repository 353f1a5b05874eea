/**
 * Why no identity token could be given.
 *
 * | code | meaning | what to do |
 * |---|---|---|
 * | `no_source` | nothing around the program can prove who it is | set `SIGNET_ISSUER` and `SIGNET_REQUEST_TOKEN`, or run on a supported platform |
 * | `invalid_configuration` | an environment variable or option is malformed | correct the one the message names |
 * | `platform_not_ready` | a platform is detected but lacks a permission, setting or file | add the piece the message names |
 * | `issuer_mismatch` | a credential or token belongs to another issuer than the one configured | correct `SIGNET_ISSUER`, or make a credential there |
 * | `unsupported_option` | `roles`, `sessionTags` or `sourceIdentity` without a Signet issuer | set `SIGNET_ISSUER`, or leave the option out |
 * | `audience_unavailable` | the platform handed out a token for another audience | have the platform make one for this audience |
 * | `token_expired` | the token that was handed out is at its end, or this machine's clock is wrong | get a new one, or correct the clock |
 * | `invalid_token` | the source returned something that is not a JWT with an expiry | correct the source |
 * | `credential_refused` | the issuer does not accept the credential | make a new credential |
 * | `audience_refused` | the issuer may not mint for this audience | add it to the workload's allow-list |
 * | `exchange_refused` | no trust rule of the issuer accepts the platform's token | add or correct the rule |
 * | `request_refused` | the endpoint refused the request for another reason | read the message |
 * | `rate_limited` | 429, also after the retries | ask less often; see `retryAfterMs` |
 * | `unavailable` | 5xx, also after the retries | try again later |
 * | `network_error` | no answer, also after the retries | check the address and the network |
 * | `timeout` | no answer in time, also after the retries | check the network |
 * | `unexpected_redirect` | the endpoint answered with a redirect, which is never followed | correct the URL |
 * | `invalid_response` | the endpoint did not answer in its protocol | check the URL |
 * | `source_failed` | the function given as `source` threw | see `cause` |
 * | `client_closed` | the client was disposed | create another |
 */
export type IdTokenErrorCode =
  | "no_source"
  | "invalid_configuration"
  | "platform_not_ready"
  | "issuer_mismatch"
  | "unsupported_option"
  | "audience_unavailable"
  | "token_expired"
  | "invalid_token"
  | "credential_refused"
  | "audience_refused"
  | "exchange_refused"
  | "request_refused"
  | "rate_limited"
  | "unavailable"
  | "network_error"
  | "timeout"
  | "unexpected_redirect"
  | "invalid_response"
  | "source_failed"
  | "client_closed";

/** What an {@linkcode IdTokenError} is made of, besides its message. */
export interface IdTokenErrorOptions {
  /** The literal code. */
  code: IdTokenErrorCode;
  /** The error underneath, never one that holds a token. */
  cause?: unknown;
  /** HTTP status of the answer, where there was one. */
  status?: number;
  /** Milliseconds that the server asked to wait (`Retry-After`, RFC 9110 section 10.2.3). */
  retryAfterMs?: number;
}

/** Every failure of the client. The message says what to do next and never holds a token. */
export class IdTokenError extends Error {
  /** Always `"IdTokenError"`. */
  override readonly name: string = "IdTokenError";
  /** Which failure, as a literal to compare with. */
  readonly code: IdTokenErrorCode;
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined;
  /** Milliseconds that the server asked to wait, where it did. */
  readonly retryAfterMs: number | undefined;

  /** Makes an error from its message and its literal code. */
  constructor(message: string, options: IdTokenErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
