import { IdTokenError } from "./errors.ts";
import { tokenState, type TokenTimes } from "./refresh.ts";

/** A token and the turning points of its life. */
export interface LoadedToken {
  /** The JWT. */
  token: string;
  /** Turning points in local ms. */
  times: TokenTimes;
}

/** A request in the air, shared by everyone who wants the same token. */
export interface Flight {
  /** Whether a caller waits; false for a background refresh. */
  wanted: boolean;
  /** Ends it when the cache closes. */
  readonly signal: AbortSignal;
}

/** Gets a token from outside. */
export type LoadToken = (flight: Flight) => Promise<LoadedToken>;

/** What a cache is made from. */
export interface TokenCacheOptions {
  /** Ms since the epoch. */
  now: () => number;
  /** Most tokens held; the least recently used goes first. */
  limit: number;
  /** Hears of failed background refreshes. */
  onRefreshError: (error: unknown) => void;
}

interface Entry {
  readonly answer: Promise<string>;
  readonly gapMs: number;
  readonly fast: boolean;
  refreshAt: number;
  deadAt: number;
  // Until here `peek` answers; -Infinity for keys that are not a plain audience.
  fastUntil: number;
  usedAt: number;
}

// Smaller steps back are the clock being trimmed, not set.
const CLOCK_STEP_MS = 1000;

/** Key → token; bounded; one request in flight per key; a failure is never kept. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, { flight: Flight; result: Promise<string> }>();
  readonly #closing = new AbortController();
  readonly #options: TokenCacheOptions;
  readonly #now: () => number;
  #seenAt = -Infinity;

  /** Makes an empty cache. */
  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#now = options.now;
  }

  /** The fast way: the answer for a plain audience while it is fresh. */
  peek(audience: string): Promise<string> | undefined {
    const entry = this.#entries.get(audience);
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (now >= entry.fastUntil || now < this.#seenAt) return undefined;
    this.#seenAt = entry.usedAt = now;
    return entry.answer;
  }

  /** The token for a key: held while it lives, else loaded once for all callers. */
  get(key: string, load: LoadToken, fast: boolean): Promise<string> {
    const held = this.#held(key, load, fast);
    return held ?? this.#join(key, { load, fast, wanted: true });
  }

  /** Loads in the background unless a live token is held or on its way. */
  prefetch(key: string, load: LoadToken, fast: boolean): Promise<unknown> {
    return this.#held(key, load, fast) ?? this.#join(key, { load, fast, wanted: false });
  }

  /** Forgets everything and fails those who wait. */
  close(): void {
    this.#closing.abort(closedError());
    this.#entries.clear();
    this.#flights.clear();
  }

  #held(key: string, load: LoadToken, fast: boolean): Promise<string> | undefined {
    if (this.#closing.signal.aborted) return Promise.reject(closedError());
    const now = this.#observe();
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const state = tokenState(entry, now);
    if (state === "dead") return undefined;
    entry.usedAt = now;
    if (state === "due") this.#refresh(key, { load, fast, entry, now });
    return entry.answer;
  }

  #observe(): number {
    const now = this.#now();
    const back = this.#seenAt - now;
    if (back > CLOCK_STEP_MS) this.#stepBack(back, now);
    else if (back < 0) this.#seenAt = now;
    return now;
  }

  // The clock was set back: what we hold ends earlier on the new clock, and deserves a fresh look.
  #stepBack(back: number, now: number): void {
    this.#seenAt = now;
    for (const entry of this.#entries.values()) {
      entry.deadAt -= back;
      entry.refreshAt = Math.min(entry.refreshAt - back, now);
      entry.fastUntil = -Infinity;
    }
  }

  #refresh(
    key: string,
    { entry, now, ...way }: { load: LoadToken; fast: boolean; entry: Entry; now: number },
  ): void {
    postpone(entry, now + entry.gapMs);
    if (this.#flights.has(key)) return;
    this.#join(key, { ...way, wanted: false }).catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      const asked = error instanceof IdTokenError ? error.retryAfterMs ?? 0 : 0;
      postpone(entry, this.#now() + Math.max(asked, entry.gapMs));
      this.#options.onRefreshError(error);
    });
  }

  #join(
    key: string,
    { load, fast, wanted }: { load: LoadToken; fast: boolean; wanted: boolean },
  ): Promise<string> {
    const current = this.#flights.get(key);
    if (current !== undefined) {
      current.flight.wanted ||= wanted;
      return current.result;
    }
    const flight: Flight = { wanted, signal: this.#closing.signal };
    const result = this.#fly(key, { flight, load, fast });
    this.#flights.set(key, { flight, result });
    return result;
  }

  async #fly(
    key: string,
    { flight, load, fast }: { flight: Flight; load: LoadToken; fast: boolean },
  ): Promise<string> {
    try {
      // The flight must be registered before it can end.
      await undefined;
      const loaded = await load(flight);
      flight.signal.throwIfAborted();
      return await this.#store(key, loaded, fast);
    } finally {
      if (!flight.signal.aborted) this.#flights.delete(key);
    }
  }

  #store(key: string, { token, times }: LoadedToken, fast: boolean): Promise<string> {
    const now = this.#observe();
    if (tokenState(times, now) === "dead") throw expiredError();
    const refreshAt = Math.max(times.refreshAt, now + times.gapMs);
    const answer = Promise.resolve(token);
    if (!this.#entries.has(key)) this.#makeRoom();
    const entry = { ...times, answer, fast, refreshAt, fastUntil: -Infinity, usedAt: now };
    postpone(entry, refreshAt);
    this.#entries.set(key, entry);
    return answer;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#options.limit) return;
    let oldest: string | undefined;
    let usedAt = Infinity;
    for (const [key, entry] of this.#entries) {
      if (entry.usedAt < usedAt) [oldest, usedAt] = [key, entry.usedAt];
    }
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

function postpone(entry: Entry, refreshAt: number): void {
  entry.refreshAt = refreshAt;
  entry.fastUntil = entry.fast ? Math.min(refreshAt, entry.deadAt) : -Infinity;
}

function closedError(): IdTokenError {
  return new IdTokenError(
    "Cannot get an identity token: this client was disposed. Create another with createIdTokenClient",
    { code: "client_closed" },
  );
}

function expiredError(): IdTokenError {
  const message = "Cannot use the identity token that was handed out: it is at its end. " +
    "Check this machine's clock; a token that a job received at its start cannot be renewed";
  return new IdTokenError(message, { code: "token_expired" });
}
