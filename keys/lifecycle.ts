import type { KeyRecord } from "./key_record.ts";

/** Where a key is in its life. Only an `active` key signs; `compromised` is a tombstone. */
export type KeyState = "published" | "active" | "retired" | "removed" | "compromised";

/** The state of a key at a time in ms since the epoch. Pure: times are only compared. */
export function keyState(record: Omit<KeyRecord, "sealed" | "publicKey">, now: number): KeyState {
  if (record.compromisedAt !== null) return "compromised";
  if (record.removeAt !== null && now >= record.removeAt) return "removed";
  if (record.retireAt !== null && now >= record.retireAt) return "retired";
  return now >= record.notBefore ? "active" : "published";
}

/** The first key in this state, by the order of `notBefore`. */
export function findKey(
  keys: readonly KeyRecord[],
  { state, now }: { state: KeyState; now: number },
): KeyRecord | undefined {
  return keys.filter((key) => keyState(key, now) === state)
    .reduce<KeyRecord | undefined>(
      (first, key) => first && first.notBefore <= key.notBefore ? first : key,
      undefined,
    );
}

/** When the next key changes its state by time alone; Infinity when none will. */
export function nextTransition(keys: readonly KeyRecord[], now: number): number {
  const times = keys.filter((key) => key.compromisedAt === null)
    .flatMap((key) => [key.notBefore, key.retireAt ?? Infinity, key.removeAt ?? Infinity]);
  return Math.min(Infinity, ...times.filter((time) => time > now));
}
