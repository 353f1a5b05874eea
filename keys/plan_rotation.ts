import type { KeyPolicy } from "./key_policy.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import { findKey, keyState, nextTransition } from "./lifecycle.ts";

/** What is due in a keyset. Kids are listed in stored order. */
export interface RotationPlan {
  /** The times of a spare to be published now; null when there is one. */
  readonly publish: { readonly publishedAt: number; readonly notBefore: number } | null;
  /** Keys whose tail is over. */
  readonly remove: readonly string[];
  /** Retired keys whose private half no isolate needs any more. */
  readonly destroy: readonly string[];
  /** Keys that were promised less lead or tail than the policy says by now. */
  readonly extend: readonly string[];
  /** Keys to be sealed anew: not under the first key-encryption key, or without a certificate. */
  readonly reseal: readonly string[];
  /** When something is due next by time alone, in ms; Infinity when nothing is. */
  readonly nextAt: number;
}

/** Options of {@link planRotation}. */
export interface PlanOptions {
  /** Ms since the epoch. */
  readonly now: number;
  readonly policy: KeyPolicy;
  /** The id of the first key-encryption key. Without it nothing is resealed. */
  readonly sealingKeyId?: string;
  /** Whether keys without a certificate are to be resealed, which gives them one. Default false. */
  readonly certify?: boolean;
}

/** Decides what is due. Pure: the same keyset, time and policy give the same plan. */
export function planRotation(
  { keys, lastSeenTime }: Pick<KeysetRecord, "keys" | "lastSeenTime">,
  { now: clock, policy, sealingKeyId, certify = false }: PlanOptions,
): RotationPlan {
  const now = Math.max(clock, lastSeenTime);
  const remove = keys.filter((key) => keyState(key, now) === "removed");
  const kept = keys.filter((key) => key.sealed !== null && !remove.includes(key));
  const destroy = kept.filter((key) => now >= destroyAt(key, policy));
  const isSealedWell = ({ sealed, certificate }: KeyRecord) =>
    (sealingKeyId === undefined || sealed?.kekId === sealingKeyId) &&
    (!certify || certificate !== undefined);
  const reseal = kept.filter((key) => !isSealedWell(key) && !destroy.includes(key));
  const hasSpare = findKey(keys, { state: "published", now }) !== undefined;
  const destroyTimes = kept.map((key) => destroyAt(key, policy)).filter((time) => time > now);
  return {
    publish: hasSpare ? null : spareTimes(keys, { now, policy }),
    remove: remove.map(({ kid }) => kid),
    destroy: destroy.map(({ kid }) => kid),
    extend: keys.filter((key) => isShort(key, { now, policy })).map(({ kid }) => kid),
    reseal: reseal.map(({ kid }) => kid),
    nextAt: Math.min(nextTransition(keys, now), ...destroyTimes),
  };
}

/** Whether the plan changes anything that has a time; resealing alone has none. */
export function isDue({ publish, remove, destroy, extend }: RotationPlan): boolean {
  return publish !== null || [remove, destroy, extend].some(({ length }) => length > 0);
}

function isShort(key: KeyRecord, { now, policy }: { now: number; policy: KeyPolicy }): boolean {
  const state = keyState(key, now);
  if (state !== "active" && state !== "published") return false;
  const { retireAt, removeAt, notBefore } = key;
  return retireAt !== null && removeAt! < retireAt + policy.tail ||
    wholeLead(key, { now, policy }) > notBefore;
}

/**
 * From when on a key may sign: later than stored where a longer lead is configured by now, and every
 * isolate will hear of it in time.
 */
export function wholeLead(
  key: KeyRecord,
  { now, policy }: { now: number; policy: KeyPolicy },
): number {
  const { notBefore, publishedAt } = key;
  const isHeard = now + policy.viewAge + policy.clockSkew <= notBefore;
  if (!isHeard || keyState(key, now) !== "published") return notBefore;
  return Math.max(notBefore, ceilToSecond(publishedAt + policy.lead));
}

/** The times of a spare published now: it never signs before its lead is over. */
export function spareTimes(
  keys: readonly KeyRecord[],
  { now, policy }: { now: number; policy: KeyPolicy },
): { publishedAt: number; notBefore: number } {
  const active = findKey(keys, { state: "active", now });
  const due = active === undefined ? 0 : active.notBefore + policy.period;
  return {
    publishedAt: now,
    // A revoked spare's replacement never shortens the time already promised for the active key.
    notBefore: ceilToSecond(Math.max(due, now + policy.lead, active?.retireAt ?? 0)),
  };
}

/** Whole seconds, as `iat` counts: a key's `notBefore` is then never later than an `iat`. */
export function floorToSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** See {@link floorToSecond}; up, so that a lead is never shortened. */
export function ceilToSecond(ms: number): number {
  return Math.ceil(ms / 1_000) * 1_000;
}

function destroyAt({ retireAt }: KeyRecord, { viewAge, clockSkew }: KeyPolicy): number {
  return retireAt === null ? Infinity : retireAt + viewAge + clockSkew;
}
