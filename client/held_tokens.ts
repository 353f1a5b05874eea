import { type TokenState, tokenState, type TokenTimes } from "./refresh.ts";

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

// Smaller steps back are the clock being trimmed, not set.
const CLOCK_STEP_MS = 1000;

/** Key → token, bounded by dropping the least recently used; notices a clock that is set back. */
export class HeldTokens {
  readonly #tokens = new Map<string, HeldToken>();
  readonly #now: () => number;
  readonly #limit: number;
  #seenAt = -Infinity;

  /** Holds at most `limit` tokens. */
  constructor({ now, limit }: { now: () => number; limit: number }) {
    this.#now = now;
    this.#limit = limit;
  }

  /** The fast way: the answer for a plain audience while it is fresh. */
  peek(audience: string): Promise<string> | undefined {
    const held = this.#tokens.get(audience);
    if (held === undefined) return undefined;
    const now = this.#now();
    if (now >= held.fastUntil || now < this.#seenAt) return undefined;
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

  /** Holds a token; `undefined` when it is dead on arrival. */
  put(key: string, { token, times }: LoadedToken, fast: boolean): Promise<string> | undefined {
    const now = this.#observe();
    if (tokenState(times, now) === "dead") return undefined;
    const answer = Promise.resolve(token);
    const held = { ...times, answer, fast, fastUntil: -Infinity, usedAt: now };
    if (!this.#tokens.has(key)) this.#makeRoom();
    this.#tokens.set(key, held);
    // A source may keep giving the same old token: it is asked again after a while, not at each call.
    this.postpone(held, Math.max(times.refreshAt - now, times.gapMs));
    return answer;
  }

  /** Lets no refresh of this token start before that many ms have passed. */
  postpone(held: HeldToken, ms: number): void {
    held.refreshAt = this.#now() + ms;
    held.fastUntil = held.fast ? Math.min(held.refreshAt, held.deadAt) : -Infinity;
  }

  /** Forgets everything. */
  clear(): void {
    this.#tokens.clear();
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
