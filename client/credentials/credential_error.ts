/**
 * What went wrong, told apart by what the caller can do about it.
 *
 * - `not_configured`: an option or environment variable is missing.
 * - `id_token_rejected`: the vendor does not accept the identity token (issuer, audience, signature, claims).
 * - `id_token_expired`: the vendor holds the identity token for expired, also after a fresh one was minted.
 * - `issuer_unreachable`: the vendor cannot read the issuer's discovery document or keys.
 * - `access_denied`: the identity is known, and may not do this.
 * - `region_disabled`: AWS STS is not active for the account in any region that was tried.
 * - `invalid_request`: the vendor refuses the request itself.
 * - `throttled`: the vendor limits the rate; it went on through all attempts.
 * - `unavailable`: no answer, a deadline, or a fault on the vendor's side, through all attempts.
 * - `invalid_response`: the answer is not what the vendor documents.
 */
export type CredentialErrorCode =
  | "not_configured"
  | "id_token_rejected"
  | "id_token_expired"
  | "issuer_unreachable"
  | "access_denied"
  | "region_disabled"
  | "invalid_request"
  | "throttled"
  | "unavailable"
  | "invalid_response";

/** Everything that a {@linkcode CredentialError} is made of, apart from its sentence. */
export interface CredentialErrorDetails {
  /** What the caller can do about it. */
  readonly code: CredentialErrorCode;
  /** The vendor's own code, as on the wire, for example `AccessDenied` or `AADSTS700213`. */
  readonly vendorCode?: string;
  /** The vendor's own words, without any token or secret, at most 1,000 characters. */
  readonly vendorMessage?: string;
  /** What to do next. */
  readonly advice?: string;
  /** HTTP status of the vendor's answer. */
  readonly status?: number;
  /** The vendor's name for this request, for a support case. */
  readonly requestId?: string;
  /** Whether the vendor documents this answer as worth another attempt. Default false. */
  readonly retryable?: boolean;
  /** The least wait before another attempt that the vendor asked for, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether a change of trust that is still spreading at the vendor gives this answer. Default false. */
  readonly mayBeSpreading?: boolean;
  /** What led here. */
  readonly cause?: unknown;
}

/**
 * Base of every error that the cloud helpers throw. It never holds a token or a secret.
 *
 * @example
 * ```ts
 * import { CredentialError } from "@signet/oidc/client/aws";
 *
 * function explain(error: unknown): string {
 *   return error instanceof CredentialError ? `${error.code}: ${error.advice ?? ""}` : "unknown";
 * }
 * ```
 */
export class CredentialError extends Error {
  /** Always `"CredentialError"`. */
  override readonly name: string = "CredentialError";
  /** What the caller can do about it. */
  readonly code: CredentialErrorCode;
  /** The vendor's own code, as on the wire. */
  readonly vendorCode: string | undefined;
  /** The vendor's own words, without any token or secret. */
  readonly vendorMessage: string | undefined;
  /** What to do next. */
  readonly advice: string | undefined;
  /** HTTP status of the vendor's answer. */
  readonly status: number | undefined;
  /** The vendor's name for this request. */
  readonly requestId: string | undefined;
  /** Whether the vendor documents this answer as worth another attempt. */
  readonly retryable: boolean;
  /** The least wait before another attempt that the vendor asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether a change of trust that is still spreading at the vendor gives this answer. */
  readonly mayBeSpreading: boolean;

  /** `action` completes the sentence "Cannot …". */
  constructor(action: string, details: CredentialErrorDetails) {
    const state = [details.vendorCode, details.vendorMessage].filter(Boolean).join(": ");
    const sentence = `Cannot ${action}: ${state || details.code}`;
    super(details.advice ? `${sentence.replace(/\.$/, "")}. ${details.advice}` : sentence, {
      cause: details.cause,
    });
    this.code = details.code;
    this.vendorCode = details.vendorCode;
    this.vendorMessage = details.vendorMessage;
    this.advice = details.advice;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.mayBeSpreading = details.mayBeSpreading ?? false;
  }
}

/** Makes the vendor's own kind of {@linkcode CredentialError}. */
export type Fail = (details: CredentialErrorDetails) => CredentialError;
