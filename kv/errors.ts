/** Every literal `code` that an error of the KV room carries. */
export type KvErrorCode = "kv_unavailable" | "kv_value_unreadable";

/** Options of {@link KvError}. */
export interface KvErrorOptions {
  /** What the store itself reported, if it reported anything. */
  readonly cause?: unknown;
}

/** The store cannot be used; `code` says why, the message what to do next. */
export class KvError extends Error {
  /** The reason, stable across versions. */
  readonly code: KvErrorCode;
  /** "KvError" or the name of a subclass. */
  override readonly name: string = "KvError";

  /**
   * Makes the error.
   *
   * @param code The reason.
   * @param message What could not be done, the state, and what to do next.
   */
  constructor(code: KvErrorCode, message: string, options: KvErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The store did not answer within the deadline, stayed locked, or failed.
 *
 * A commit that ends with this error is undecided: it may have been applied, or may be later.
 * Callers re-read before they try again.
 */
export class KvUnavailableError extends KvError {
  /** Always "KvUnavailableError". */
  override readonly name: string = "KvUnavailableError";

  /**
   * Makes the error.
   *
   * @param message What could not be done, the state, and what to do next.
   */
  constructor(message: string, options: KvErrorOptions = {}) {
    super("kv_unavailable", message, options);
  }
}

/** An entry holds something that Signet did not write. Reading it again will not help. */
export class KvValueError extends KvError {
  /** Always "KvValueError". */
  override readonly name: string = "KvValueError";

  /**
   * Makes the error.
   *
   * @param message Which entry cannot be read, why, and what to do next.
   */
  constructor(message: string, options: KvErrorOptions = {}) {
    super("kv_value_unreadable", message, options);
  }
}
