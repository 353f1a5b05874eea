/** What a token request can be refused for: RFC 6749 §5.2, RFC 8707 §2 and RFC 6749 §4.1.2.1 codes. */
export type TokenErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_target"
  | "slow_down"
  | "temporarily_unavailable";

/** A refused token request. The description goes to the caller, the reason only to the audit log. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  /** Why, for the operator: more than the caller may learn. */
  readonly reason: string;
  /** Seconds to wait before trying again, where that helps. */
  readonly retryAfter?: number;

  constructor(
    code: TokenErrorCode,
    description: string,
    options: { reason?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(description, { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? description;
    this.retryAfter = options.retryAfter;
  }
}

/** A proof of identity that does not hold; its grant says how to answer, the same for every reason (threat 51). */
export class ProofError extends Error {
  override readonly name = "ProofError";
  /** For the audit log only. */
  readonly reason: string;

  constructor(reason: string) {
    super(`Cannot accept the proof: ${reason}`);
    this.reason = reason;
  }
}

/** What can go wrong with an admin request. */
export type ProblemCode =
  | "invalid"
  | "unauthenticated"
  | "not_found"
  | "conflict"
  | "read_only"
  | "precondition_required"
  | "precondition_failed"
  | "unsupported_media_type"
  | "too_large"
  | "timeout"
  | "unavailable";

/** One fault in a request body: where (RFC 6901 pointer) and what. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A refused admin request, answered as a problem document (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly faults?: readonly Fault[];
  /** The entity tag in force, when the one presented is stale. */
  readonly current?: string;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { faults?: readonly Fault[]; current?: string; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.faults = options.faults;
    this.current = options.current;
  }
}

/** A fault in the options or the environment that an issuer starts with; lists all of them. */
export class IssuerConfigError extends TypeError {
  /** Always `"IssuerConfigError"`. */
  override readonly name = "IssuerConfigError";
  /** One sentence per fault, naming the variable or option and what to do. */
  readonly faults: readonly string[];

  /** Makes the error of these faults. */
  constructor(faults: readonly string[]) {
    super(`Cannot start the issuer:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}
