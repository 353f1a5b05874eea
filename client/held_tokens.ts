/** When a token was obtained and what it says of itself; local and server times in ms. */
export interface Obtained {
  /** Claim `exp`, seconds. */
  exp: number;
  /** Claim `iat`, seconds, where there is one. */
  iat: number | undefined;
  /** Local time just before the request. */
  sentAt: number;
  /** Local time just after the answer. */
  receivedAt: number;
  /** The answer's `Date`, where there was one. */
  serverDate: number | undefined;
}

/** The turning points of a token's life, in local ms. */
export interface TokenTimes {
  /** From here a background refresh is due. */
  refreshAt: number;
  /** From here nobody gets the token any more. */
  deadAt: number;
  /** Least time between two background refreshes. */
  gapMs: number;
}

/** A token's state at one moment. */
export type TokenState = "fresh" | "due" | "dead";

const REFRESH_SHARE = 0.75;
const REFRESH_JITTER = 0.05;

/** The state of a token with these times at `now`. */
export function tokenState(times: TokenTimes, now: number): TokenState {
  if (now >= times.deadAt) return "dead";
  return now >= times.refreshAt ? "due" : "fresh";
}

/** Turning points on the local clock; `jitter` is a random number in [0, 1). */
export function tokenTimes(token: Obtained, jitter: number): TokenTimes {
  const offset = clockOffset(token);
  const issuedAt = issuedAtMs(token, offset);
  const lifetime = Math.max(0, token.exp * 1000 - issuedAt);
  const deadAt = token.exp * 1000 - offset - floorMs(lifetime);
  const share = REFRESH_SHARE + REFRESH_JITTER * (2 * jitter - 1);
  const refreshAt = Math.min(deadAt, issuedAt - offset + lifetime * share);
  return { refreshAt, deadAt, gapMs: Math.min(30_000, Math.max(1000, lifetime * 0.05)) };
}

/** The least remaining life that a caller gets: min(60 s, 10 % of the lifetime). */
export function floorMs(lifetime: number): number {
  return Math.min(60_000, lifetime * 0.1);
}

/** Server clock minus local clock: the largest value that the answer allows, so that we err early. */
export function clockOffset(token: Omit<Obtained, "exp">): number {
  // Date has whole seconds, so the server's clock may have been up to one second further.
  const measured = token.serverDate === undefined ? 0 : token.serverDate + 1000 - token.sentAt;
  // A token was minted before it arrived, so the server's clock was at least at iat.
  return token.iat === undefined
    ? measured
    : Math.max(measured, token.iat * 1000 - token.receivedAt);
}

function issuedAtMs(token: Obtained, offset: number): number {
  const plausible = token.iat !== undefined && token.iat < token.exp;
  return plausible ? token.iat! * 1000 : token.receivedAt + offset;
}

/** A token and the turning points of its life. */
export interface LoadedToken {
  /** The JWT. */
  token: string;
  /** Turning points in local ms. */
  times: TokenTimes;
}

/** A token that is held. */
export interface HeldToken {
  /** The token as an answer that is ready to give. */
  readonly answer: Promise<string>;
  /** Least time between two background refreshes, in ms. */
  readonly gapMs: number;
  /** Whether `peek` may answer with it: only for keys that are a plain audience. */
  readonly fast: boolean;
  /** From here a refresh is due. */
  refreshAt: number;
  /** From here nobody gets it any more. */
  deadAt: number;
  /** Until here `peek` answers with it. */
  fastUntil: number;
  /** When it was last given. */
  usedAt: number;
}

/** The two clocks of {@linkcode HeldTokens}. */
export interface Clocks {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Ms since any instant, whatever the clock is set to meanwhile. */
  readonly elapsed: () => number;
}

// Smaller steps back are the clock being trimmed, not set.
const CLOCK_STEP_MS = 1000;
// For so long the fast way trusts the clock.
const TRUST_MS = 1000;

/** Key → token, bounded by dropping the least recently used; notices a clock that is set back. */
export class HeldTokens {
  readonly #tokens = new Map<string, HeldToken>();
  readonly #clocks: Clocks;
  readonly #limit: number;
  #seenAt = -Infinity;
  #trustedUntil = -Infinity;
  /** Both clocks when they were last compared. */
  #mark = { now: -Infinity, elapsed: 0 };

  /** Holds at most `limit` tokens. */
  constructor({ now, elapsed, limit }: Clocks & { limit: number }) {
    this.#clocks = { now, elapsed };
    this.#limit = limit;
  }

  /** The fast way: the answer for a plain audience while it is fresh. */
  peek(audience: string): Promise<string> | undefined {
    const held = this.#tokens.get(audience);
    if (held === undefined) return undefined;
    const now = this.#clocks.now();
    if (now >= held.fastUntil || now < this.#seenAt || now >= this.#trustedUntil) return undefined;
    this.#seenAt = held.usedAt = now;
    return held.answer;
  }

  /** The token for a key while it lives, and whether a refresh is due. */
  find(key: string): { held: HeldToken; state: Exclude<TokenState, "dead"> } | undefined {
    const now = this.#observe();
    const held = this.#tokens.get(key);
    const state = held === undefined ? "dead" : tokenState(held, now);
    if (held === undefined || state === "dead") return undefined;
    held.usedAt = now;
    return { held, state };
  }

  /** Holds a token; false when it is dead on arrival. */
  put(key: string, { token, times }: LoadedToken, fast: boolean): boolean {
    const now = this.#observe();
    if (tokenState(times, now) === "dead") return false;
    const answer = Promise.resolve(token);
    const { refreshAt, deadAt, gapMs } = times;
    const held = { answer, fast, refreshAt, deadAt, gapMs, fastUntil: -Infinity, usedAt: now };
    if (!this.#tokens.has(key)) this.#makeRoom();
    this.#tokens.set(key, held);
    // A source may keep giving the same old token: it is asked again after a while, not at each call.
    this.postpone(held, Math.max(times.refreshAt - now, times.gapMs));
    return true;
  }

  /** Lets no refresh of this token start before that many ms have passed. */
  postpone(held: HeldToken, ms: number): void {
    held.refreshAt = this.#clocks.now() + ms;
    held.fastUntil = held.fast ? Math.min(held.refreshAt, held.deadAt) : -Infinity;
  }

  /** Forgets everything. */
  clear(): void {
    this.#tokens.clear();
  }

  #observe(): number {
    const now = this.#clocks.now(), elapsed = this.#clocks.elapsed();
    // By the seconds that have passed, a step back is seen also where nobody asked during it.
    const back = Math.max(this.#seenAt, this.#mark.now + elapsed - this.#mark.elapsed) - now;
    if (back > CLOCK_STEP_MS) this.#stepBack(back, now);
    this.#trustedUntil = now + TRUST_MS;
    if (back > 0 && back <= CLOCK_STEP_MS) return now;
    this.#seenAt = now;
    this.#mark = { now, elapsed };
    return now;
  }

  // The clock was set back: what we hold ends earlier on the new clock, and deserves a fresh look.
  #stepBack(back: number, now: number): void {
    for (const held of this.#tokens.values()) {
      held.deadAt -= back;
      held.refreshAt = Math.min(held.refreshAt - back, now);
      held.fastUntil = -Infinity;
    }
  }

  #makeRoom(): void {
    if (this.#tokens.size < this.#limit) return;
    let oldest: string | undefined;
    let usedAt = Infinity;
    for (const [key, held] of this.#tokens) {
      if (held.usedAt < usedAt) [oldest, usedAt] = [key, held.usedAt];
    }
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }
}
