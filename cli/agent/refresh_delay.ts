/** When a token was made and when it ends, in seconds since the epoch, as it says itself. */
export interface TokenSpan {
  readonly iat: number | undefined;
  readonly exp: number;
}

const SHARE = 0.75;

/**
 * Milliseconds from now until a file deserves another token: 75 % of what this one has left. Where
 * this machine's clock disagrees with the issuer's, the token's own length counts.
 */
export function refreshDelay({ iat, exp }: TokenSpan, now: number): number {
  const left = exp * 1000 - now;
  const life = iat !== undefined && iat < exp ? (exp - iat) * 1000 : left;
  return Math.max(0, SHARE * (left > 0 ? Math.min(left, life) : life));
}

/** Milliseconds between two looks at a client that still gives the old token. */
export function pollDelay({ iat, exp }: TokenSpan): number {
  const life = (exp - (iat ?? exp)) * 1000;
  return Math.min(30_000, Math.max(250, life * 0.02));
}

/** Milliseconds before another try after so many failures in a row, at least 1. */
export function retryDelay(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** (failures - 1));
}
