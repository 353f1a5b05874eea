import type { Algorithm } from "./algorithm.ts";
import { KeyringError } from "./errors.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";

/** No key of the algorithm signs yet; `next` is the one that will. */
export function notYetActive(alg: Algorithm, next: KeyRecord | undefined): KeyringError {
  const when = next === undefined
    ? "no key is planned"
    : `the first key becomes active at ${
      new Date(next.notBefore).toISOString()
    }, when relying parties have had time to see it`;
  return new KeyringError("key_not_yet_active", `Cannot use an active ${alg} key: ${when}`);
}

/** The active key cannot sign any more, though its state says so. */
export function withoutPrivateHalf(alg: Algorithm): KeyringError {
  return new KeyringError(
    "keyset_invalid",
    `Cannot sign with ${alg}: the active key's private half is gone; rotate with emergency`,
  );
}

/** An issuer that had keys has an empty store. */
export function lostDatabase(issuer: string): KeyringError {
  return new KeyringError(
    "keyset_missing",
    `Cannot start ${issuer}: it is marked as initialized, and the KV store holds no keyset; ` +
      "restore the store, or remove the mark if this is a new issuer",
  );
}

/** The store has not answered for longer than a revocation may go unheard. */
export function staleKeys(loadedAt: number, cause: unknown): KeyringError {
  const since = new Date(loadedAt).toISOString();
  return new KeyringError(
    "keys_stale",
    `Cannot sign: the keys were last read at ${since} and cannot be read now, so that a ` +
      "revocation could be missed; see why the store does not answer",
    { cause },
  );
}

/** No keyset holds a key of this name. */
export function unknownKey(kid: string): KeyringError {
  return new KeyringError(
    "key_unknown",
    `Cannot revoke ${JSON.stringify(kid)}: no keyset holds such a key; list the keys first`,
  );
}

/** Some keys are replaced and others are not: to begin anew would drop the new ones as well. */
export function unfinishedRotation(done: readonly Algorithm[], cause: unknown): KeyringError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KeyringError(
    "rotation_unfinished",
    `Cannot finish the emergency rotation: ${done.join(", ")} is replaced, the next is not. ` +
      `${why}. Then rotate each of the others by its name; without one, what was just put in ` +
      "place is dropped too",
    { cause },
  );
}

/** The issuer is not configured for this algorithm. */
export function notConfigured(alg: string, algorithms: readonly Algorithm[]): KeyringError {
  return new KeyringError(
    "algorithm_not_configured",
    `Cannot use ${alg} keys: the issuer is configured for ${algorithms.join(", ")}`,
  );
}

/** A keyset that was there, or that the configuration says was there, is there no more. */
export function missingKeyset(alg: Algorithm): KeyringError {
  return new KeyringError(
    "keyset_missing",
    `Cannot use the ${alg} keyset: it existed and is gone from the KV store; restore the store ` +
      '(for a new issuer, leave "minimumEpochs" out of the configuration file)',
  );
}

/** The store holds an older record than was seen, or one of another history. */
export function regressedKeyset({ alg, epoch }: KeysetRecord, seen: number): KeyringError {
  return new KeyringError(
    "keyset_epoch_regressed",
    `Cannot use the ${alg} keyset: the store holds epoch ${epoch}, and epoch ${seen} was seen ` +
      "before; an old backup may have been restored: see which keys it brings back before you " +
      "restart the issuer",
  );
}

/** The failure of signing with a key that was let go of meanwhile. */
export function revokedMeanwhile(kid: string): KeyringError {
  return new KeyringError(
    "key_revoked",
    `Cannot sign with ${kid}: it was revoked meanwhile; ask for the signing key again`,
  );
}
