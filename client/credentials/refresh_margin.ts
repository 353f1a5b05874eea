const longestMs = 300_000;
const share = 0.2;

/** How long before its end a value of this lifetime is refreshed, in milliseconds. */
export function refreshMargin(lifetimeMs: number): number {
  return Math.min(longestMs, Math.max(0, lifetimeMs) * share);
}
