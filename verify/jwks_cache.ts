import { TokenVerificationError } from "./errors.ts";
import type { KeySource, VerificationKey, VerificationKeys } from "./key_source.ts";

/** A key set as it was just loaded. */
export interface LoadedKeys {
  /** The usable keys, at least one. */
  readonly keys: VerificationKeys;
  /** How long the issuer lets them be kept, milliseconds; absent where it does not say. */
  readonly maxAgeMs?: number | undefined;
}

/** Bounds of {@linkcode createJwksCache}; all times in milliseconds. */
export interface JwksCacheOptions {
  /** Fetches the key set; rejects when it cannot. */
  readonly load: () => Promise<LoadedKeys>;
  /** The clock; default `Date.now`. */
  readonly now?: () => number;
  /** Longest a set counts as fresh, whatever the issuer says; default 600,000. */
  readonly maxFreshMs?: number;
  /** Shortest a set counts as fresh, whatever the issuer says; default 30,000. */
  readonly minFreshMs?: number;
  /** How old a set may grow while the issuer fails, since it was loaded; default 3,600,000. */
  readonly staleMs?: number;
  /** Shortest time between two fetches for an unknown `kid`, or while an old set is served; default 30,000. */
  readonly cooldownMs?: number;
  /** Shortest time between two fetches while there is no usable set at all; default 5,000. */
  readonly retryMs?: number;
}

/**
 * Caches one issuer's keys. A fresh set answers at once. A set past its freshness is replaced as a
 * whole, so a key the issuer has removed is gone (security threat 67); only while the issuer fails
 * is the last good set used further, for a bounded time (69), and from then on tried for again in
 * the background. An unknown `kid` causes one fetch per cooldown (39), callers at the same time share
 * it, and a failure never replaces a set (38).
 */
export function createJwksCache(options: JwksCacheOptions): KeySource {
  const { load, now = Date.now, maxFreshMs = 600_000, minFreshMs = 30_000 } = options;
  const { staleMs = 3_600_000, cooldownMs = 30_000, retryMs = 5_000 } = options;
  let keys: VerificationKeys | undefined, loadedAt = 0, freshMs = 0;
  let triedAt = -Infinity, failure: unknown, loading: Promise<void> | undefined;

  const youngerThan = (limit: number) =>
    keys !== undefined && now() >= loadedAt && now() - loadedAt < limit;
  const isFresh = () => youngerThan(freshMs);
  const isUsable = () => youngerThan(Math.max(staleMs, freshMs));

  function mayLoad(): boolean {
    const sinceTry = now() - triedAt;
    // A clock that went back must not lock the cache.
    if (sinceTry < 0) return true;
    if (isFresh()) return sinceTry >= cooldownMs;
    return failure === undefined || sinceTry >= (isUsable() ? cooldownMs : retryMs);
  }

  async function reload(): Promise<void> {
    triedAt = now();
    try {
      const loaded = await load();
      if (loaded.keys.size === 0) throw new Error("Cannot use key set: it has no usable key");
      keys = loaded.keys;
      loadedAt = now();
      freshMs = Math.min(Math.max(loaded.maxAgeMs ?? maxFreshMs, minFreshMs), maxFreshMs);
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      loading = undefined;
    }
  }

  async function findAfterLoad(kid: string): Promise<VerificationKey | undefined> {
    const failedLately = failure !== undefined && now() - triedAt < 2 * cooldownMs;
    if (loading === undefined && mayLoad()) loading = reload();
    // An issuer that hangs would hold up every token for as long as its deadline, at each new try.
    const known = failedLately && isUsable() ? keys?.get(kid) : undefined;
    if (known !== undefined) return known;
    await loading;
    const key = isUsable() ? keys?.get(kid) : undefined;
    if (key !== undefined || failure === undefined) return key;
    throw new TokenVerificationError(
      "keys_unavailable",
      "the issuer's keys cannot be had now; try again",
      { cause: failure },
    );
  }

  return {
    find(kid: string) {
      const key = isFresh() ? keys?.get(kid) : undefined;
      return key ?? findAfterLoad(kid);
    },
  };
}
