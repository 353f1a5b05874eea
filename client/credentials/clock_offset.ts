const tolerable = 5_000;

/**
 * How far the server's clock is ahead of ours, in milliseconds, by its `Date` header; 0 within five seconds,
 * because the header counts whole seconds and the network takes its time.
 */
export function clockOffset(headers: Headers, now: number): number {
  const offset = Date.parse(headers.get("date") ?? "") - now;
  return Number.isFinite(offset) && Math.abs(offset) > tolerable ? offset : 0;
}
