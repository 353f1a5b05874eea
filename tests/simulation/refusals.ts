import { type Facts, RECOVERY } from "./facts.ts";
import type { Process } from "./process.ts";

/** What isolates may refuse with while nothing hinders them. */
const ALWAYS = ["key_not_yet_active", "key_unknown", "status_404"];
/** What they may refuse with when the store or the network fails. */
const IN_FAULTS = ["kv_unavailable", "keys_stale", "keyset_contended"];
/** What they may refuse with, besides, when a replica shows the past. */
const IN_LAG = [...IN_FAULTS, "keyset_epoch_regressed", "keyset_missing"];

/** Whether an isolate had a reason to refuse with this error. */
export function isExpected(
  error: unknown,
  { process, facts }: { process: Process; facts: Facts },
): boolean {
  const code = String((error as { code?: unknown }).code);
  if (ALWAYS.includes(code)) return true;
  // A clock that goes back makes the pause after a failed load longer.
  const pause = RECOVERY + facts.clockStep;
  const isHindered = facts.now < process.lastFaultAt + pause;
  if (isHindered && IN_FAULTS.includes(code)) return true;
  return facts.configuration.hardship.lag > 0 && IN_LAG.includes(code);
}
