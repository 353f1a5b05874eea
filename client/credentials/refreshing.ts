import type { Clocks } from "../held_tokens.ts";
import { refreshMargin } from "./timing.ts";
import { untilAborted } from "../until_aborted.ts";

/** A value and the instant, in milliseconds since the epoch, from which on it is of no use. */
export interface Expiring<T> {
  readonly value: T;
  readonly expiresAt: number;
  /** When to fetch the next one. Default: min(300 s, 20 % of the lifetime) before it expires. */
  readonly refreshAt?: number;
}

interface Held<T> extends Required<Expiring<T>> {
  readonly loadedAt: number;
  /** The other clock then. */
  readonly loadedElapsed: number;
  /** From here on callers wait for the next one instead of getting this one at once. */
  readonly waitFrom: number;
}

/** A value that is fetched when first asked for and kept fresh while it is asked for. */
export interface Refreshing<T> {
  /** The value, from memory while it is fresh. An abort ends only this caller's wait; it begins nothing. */
  get(signal?: AbortSignal): Promise<T>;
  /** Forgets the value. */
  clear(): void;
}

// The next caller meets the failure, once the old value has run out.
const ignore = () => {};
const waitShare = 0.2;
const holdOffMs = 5_000;
// Smaller steps back are the clock being trimmed, not set.
const clockStepMs = 1_000;

/**
 * One value, one fetch in flight. Once due it is refreshed in the background; a refresh that fails is tried
 * again after five seconds, and until then, and as long as it is valid, the old value is served. `first` is
 * one that is there already.
 */
export function refreshing<T>(
  load: () => Promise<Expiring<T>>,
  clocks: Clocks,
  first?: Expiring<T>,
): Refreshing<T> {
  const { now } = clocks;
  let held: Held<T> | undefined = first && hold(first, clocks);
  let pending: Promise<T> | undefined;
  let heldOffUntil = 0;

  async function run(): Promise<T> {
    try {
      held = hold(await load(), clocks);
      heldOffUntil = 0;
      return held.value;
    } catch (error) {
      heldOffUntil = now() + holdOffMs;
      throw error;
    } finally {
      pending = undefined;
    }
  }
  const fetchOnce = (): Promise<T> => pending ??= run();

  async function oldOr(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (held && now() < held.expiresAt) return held.value;
      throw error;
    }
  }

  return {
    get: (signal) => {
      const time = now();
      if (!held || time >= held.expiresAt || wasSetBack(clocks, held)) {
        return untilAborted(signal, fetchOnce);
      }
      if (time < held.refreshAt || time < heldOffUntil) return Promise.resolve(held.value);
      const next = () => oldOr(fetchOnce());
      if (time >= held.waitFrom) return untilAborted(signal, next);
      next().catch(ignore);
      return Promise.resolve(held.value);
    },
    clear: () => {
      held = undefined;
    },
  };
}

/** A clock that was set back makes every lifetime unsure: fetch rather than trust it. */
function wasSetBack({ now, elapsed }: Clocks, held: Held<unknown>): boolean {
  const sinceLoaded = now() - held.loadedAt;
  return sinceLoaded < -clockStepMs || sinceLoaded < elapsed() - held.loadedElapsed - clockStepMs;
}

function hold<T>(loaded: Expiring<T>, { now, elapsed }: Clocks): Held<T> {
  const loadedAt = now(), margin = refreshMargin(loaded.expiresAt - loadedAt);
  const refreshAt = loaded.refreshAt ?? loaded.expiresAt - margin;
  const waitFrom = loaded.expiresAt - margin * waitShare;
  return { ...loaded, refreshAt, loadedAt, loadedElapsed: elapsed(), waitFrom };
}
