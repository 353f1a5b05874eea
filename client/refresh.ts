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
