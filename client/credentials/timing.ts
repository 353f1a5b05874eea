const longestMs = 300_000;
const share = 0.2;
const tolerable = 5_000;

/** How long before its end a value of this lifetime is refreshed, in milliseconds. */
export function refreshMargin(lifetimeMs: number): number {
  return Math.min(longestMs, Math.max(0, lifetimeMs) * share);
}

/**
 * How far the server's clock is ahead of ours, in milliseconds, by its `Date` header; 0 within five seconds,
 * because the header counts whole seconds and the network takes its time.
 */
export function clockOffset(headers: Headers, now: number): number {
  const offset = Date.parse(headers.get("date") ?? "") - now;
  return Number.isFinite(offset) && Math.abs(offset) > tolerable ? offset : 0;
}
