/** Every literal `code` that an error of the keys room carries. */
export type KeyringErrorCode =
  | "algorithm_not_configured"
  | "clock_went_back"
  | "key_not_yet_active"
  | "key_revoked"
  | "key_unknown"
  | "key_unseal_failed"
  | "keys_stale"
  | "keyset_contended"
  | "keyset_epoch_regressed"
  | "keyset_invalid"
  | "keyset_issuer_mismatch"
  | "keyset_missing"
  | "keyset_version_unknown"
  | "rotation_unfinished"
  | "signing_busy";

/** Options of {@link KeyringError}. */
export interface KeyringErrorOptions {
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/** Signing keys cannot be read, used or changed; `code` says why, the message what to do next. */
export class KeyringError extends Error {
  /** The reason, stable across versions. */
  readonly code: KeyringErrorCode;
  /** Always "KeyringError" or the name of a subclass. */
  override readonly name: string = "KeyringError";

  /**
   * Makes the error.
   *
   * @param code The reason.
   * @param message What could not be done, the state, and what to do next.
   */
  constructor(code: KeyringErrorCode, message: string, options: KeyringErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** More signatures are asked for than the queue takes; try again shortly. */
export class SigningBusyError extends KeyringError {
  /** Always "SigningBusyError". */
  override readonly name: string = "SigningBusyError";

  /**
   * Makes the error.
   *
   * @param queued How many signatures wait already.
   */
  constructor(queued: number) {
    super(
      "signing_busy",
      `Cannot sign: ${queued} signatures wait already; try again in a second`,
    );
  }
}
