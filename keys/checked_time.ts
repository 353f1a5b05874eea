import { KeyringError } from "./errors.ts";

/** The time to decide by: never before any writer's. Throws `clock_went_back`. */
export function checkedTime(
  clock: number,
  { lastSeenTime, clockSkew }: { lastSeenTime: number; clockSkew: number },
): number {
  const now = Math.floor(clock);
  if (now >= lastSeenTime - clockSkew) return Math.max(now, lastSeenTime);
  throw new KeyringError(
    "clock_went_back",
    `Cannot use the keys: the clock says ${new Date(now).toISOString()}, and the keyset was ` +
      `changed at ${new Date(lastSeenTime).toISOString()}; set the clock right`,
  );
}
