import { IdTokenError } from "./errors.ts";
import { Flight } from "./flight.ts";
import { type HeldToken, HeldTokens, type LoadedToken } from "./held_tokens.ts";

/** One token: the key it is held under, and how to get it. */
export interface CacheRequest {
  /** Cache key. */
  readonly key: string;
  /** Whether the key is a plain audience, so that `peek` may answer. */
  readonly plain: boolean;
  /** Gets it from outside. */
  readonly load: (flight: Flight) => Promise<LoadedToken>;
}

/** What a cache is made from. */
export interface TokenCacheOptions {
  /** Ms since the epoch. */
  now: () => number;
  /** Most tokens held; the least recently used goes first. */
  limit: number;
  /** Hears of failed background refreshes. */
  onRefreshError: (error: unknown) => void;
}

/** Tokens held until they near their end; one request in flight per key; a failure is never kept. */
export class TokenCache {
  readonly #tokens: HeldTokens;
  readonly #flights = new Map<string, { flight: Flight; result: Promise<string> }>();
  #closed = false;
  readonly #onRefreshError: (error: unknown) => void;

  /** Makes an empty cache. */
  constructor(options: TokenCacheOptions) {
    this.#tokens = new HeldTokens(options);
    this.#onRefreshError = options.onRefreshError;
  }

  /** The fast way: the answer for a plain audience while it is fresh. */
  peek(audience: string): Promise<string> | undefined {
    return this.#tokens.peek(audience);
  }

  /** The token: held while it lives, else loaded once for all callers. */
  get(request: CacheRequest): Promise<string> {
    return this.#held(request) ?? this.#join(request, true);
  }

  /** A new token, whatever is held; loaded once for all callers. */
  renew(request: CacheRequest): Promise<string> {
    return this.#closed ? Promise.reject(closedError()) : this.#join(request, true);
  }

  /** Loads in the background unless a live token is held or on its way. */
  prefetch(request: CacheRequest): Promise<unknown> {
    return this.#held(request) ?? this.#join(request, false);
  }

  /** Forgets everything and fails those who wait. */
  close(): void {
    this.#closed = true;
    this.#tokens.clear();
    for (const { flight } of this.#flights.values()) flight.end(closedError());
    this.#flights.clear();
  }

  #held(request: CacheRequest): Promise<string> | undefined {
    if (this.#closed) return Promise.reject(closedError());
    const found = this.#tokens.find(request.key);
    if (found?.state === "due") this.#refresh(request, found.held);
    return found?.held.answer;
  }

  #refresh(request: CacheRequest, held: HeldToken): void {
    // Hits stay fast while it runs.
    this.#tokens.postpone(held, held.gapMs);
    if (this.#flights.has(request.key)) return;
    this.#join(request, false).catch((error: unknown) => {
      if (this.#closed) return;
      const askedMs = error instanceof IdTokenError ? error.retryAfterMs ?? 0 : 0;
      this.#tokens.postpone(held, Math.max(askedMs, held.gapMs));
      this.#onRefreshError(error);
    });
  }

  #join(request: CacheRequest, wanted: boolean): Promise<string> {
    const current = this.#flights.get(request.key);
    if (current !== undefined) {
      current.flight.wanted ||= wanted;
      return current.result;
    }
    const flight = new Flight(wanted);
    const result = this.#fly(request, flight);
    this.#flights.set(request.key, { flight, result });
    return result;
  }

  async #fly({ key, plain, load }: CacheRequest, flight: Flight): Promise<string> {
    try {
      // The flight must be registered before it can end, or ask for itself.
      await undefined;
      const loaded = await load(flight);
      flight.throwIfEnded();
      if (!this.#tokens.put(key, loaded, plain)) throw expiredError();
      return loaded.token;
    } finally {
      this.#flights.delete(key);
    }
  }
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
