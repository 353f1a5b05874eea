import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import { notYetActive } from "./keyring_errors.ts";
import { checkedTime } from "./checked_time.ts";
import { findKey } from "./lifecycle.ts";

/** The key that signs at this time; throws `key_not_yet_active` or `clock_went_back`. */
export function activeKey(
  { alg, keys, lastSeenTime }: KeysetRecord,
  { now, clockSkew }: { now: number; clockSkew: number },
): KeyRecord {
  checkedTime(now, { lastSeenTime, clockSkew });
  const active = findKey(keys, { state: "active", now });
  if (active !== undefined) return active;
  throw notYetActive(alg, findKey(keys, { state: "published", now }));
}
