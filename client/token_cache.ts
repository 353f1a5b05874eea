import { IdTokenError } from "./errors.ts";
import { Flight } from "./flight.ts";
import { type Clocks, type HeldToken, HeldTokens, type LoadedToken } from "./held_tokens.ts";
import { untilAborted } from "./until_aborted.ts";

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
export interface TokenCacheOptions extends Clocks {
  /** Most tokens held; the least recently used goes first. */
  limit: number;
  /** Hears of failed background refreshes. */
  onRefreshError: (error: unknown) => void;
}

/** A flight and what it brings. */
interface Shared {
  readonly flight: Flight;
  readonly result: Promise<string>;
}

/** Tokens held until they near their end; one request in flight per key; a failure is never kept. */
export class TokenCache {
  readonly #tokens: HeldTokens;
  readonly #flights = new Map<string, Shared>();
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
  get(request: CacheRequest, signal?: AbortSignal): Promise<string> {
    return this.#held(request) ?? this.#wait(request, signal);
  }

  /** A new token, whatever is held; loaded once for all callers. */
  renew(request: CacheRequest, signal?: AbortSignal): Promise<string> {
    return this.#closed ? Promise.reject(closedError()) : this.#wait(request, signal);
  }

  /** Loads in the background unless a live token is held or on its way. */
  prefetch(request: CacheRequest): Promise<unknown> {
    return this.#held(request) ?? this.#join(request, false).result;
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
    this.#join(request, false).result.catch((error: unknown) => {
      if (this.#closed) return;
      const askedMs = error instanceof IdTokenError ? error.retryAfterMs ?? 0 : 0;
      this.#tokens.postpone(held, Math.max(askedMs, held.gapMs));
      this.#onRefreshError(error);
    });
  }

  #wait(request: CacheRequest, signal: AbortSignal | undefined): Promise<string> {
    const shared = this.#join(request, true);
    return signal === undefined ? shared.result : this.#waitUntil(signal, request.key, shared);
  }

  async #waitUntil(signal: AbortSignal, key: string, { flight, result }: Shared): Promise<string> {
    try {
      return await untilAborted(signal, () => result);
    } catch (error) {
      // Nobody else waits: it would only keep the process alive.
      if (signal.aborted && flight.leave()) this.#drop(key, flight)?.end(error);
      throw error;
    }
  }

  #join(request: CacheRequest, wanted: boolean): Shared {
    const current = this.#flights.get(request.key);
    if (current !== undefined) {
      if (wanted) current.flight.join();
      return current;
    }
    const flight = new Flight(wanted);
    const shared = { flight, result: this.#fly(request, flight) };
    this.#flights.set(request.key, shared);
    return shared;
  }

  /** Takes the flight off the list, unless another has taken its place. */
  #drop(key: string, flight: Flight): Flight | undefined {
    if (this.#flights.get(key)?.flight !== flight) return undefined;
    this.#flights.delete(key);
    return flight;
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
      this.#drop(key, flight);
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
