/** Every literal `code` that an error of the KV room carries. */
export type KvErrorCode = "kv_unavailable";

/** Options of {@link KvUnavailableError}. */
export interface KvErrorOptions {
  /** What the store itself reported, if it reported anything. */
  readonly cause?: unknown;
}

/**
 * The store did not answer within the deadline, stayed locked, or failed.
 *
 * A commit that ends with this error is undecided: it may have been applied, or may be later.
 * Callers re-read before they try again.
 */
export class KvUnavailableError extends Error {
  /** Tells this error apart without `instanceof`. */
  readonly code: KvErrorCode = "kv_unavailable";
  /** Always "KvUnavailableError". */
  override readonly name: string = "KvUnavailableError";

  /**
   * Makes the error.
   *
   * @param message What could not be done, the state, and what to do next.
   */
  constructor(message: string, options: KvErrorOptions = {}) {
    super(message, options);
  }
}
