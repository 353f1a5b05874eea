import type { KeyPolicy } from "./key_policy.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import { findKey, keyState } from "./lifecycle.ts";
import { ceilToSecond, floorToSecond, type RotationPlan, spareTimes } from "./plan_rotation.ts";

/** A key that was generated and sealed, and has no times yet. */
export type FreshKey = Pick<KeyRecord, "kid" | "publicKey" | "sealed">;

/** A change decided on: how many new keys it takes, and what the keys are afterwards. */
export interface Change {
  readonly keysNeeded: number;
  readonly apply: (fresh: readonly FreshKey[]) => readonly KeyRecord[];
}

/** What a change is decided by. */
export interface ChangeContext {
  /** Ms since the epoch; never earlier than any writer's before. */
  readonly now: number;
  readonly policy: KeyPolicy;
}

// Tombstones are small, but the record must stay far below the 64 KiB that a value may have.
const MAX_TOMBSTONES = 50;

/** A first boot: nobody holds a JWKS of this issuer yet, so the first key signs at once. */
export function bootstrapKeyset(context: ChangeContext): Change {
  return {
    keysNeeded: 2,
    apply: ([first, spare]) =>
      addSpare([{ ...usedAtOnce(first!, context), bootstrap: true }], { spare: spare!, context }),
  };
}

/** A further algorithm at an issuer that relying parties know: its first key waits for its lead. */
export function introduceKeyset(context: ChangeContext): Change {
  return { keysNeeded: 1, apply: ([first]) => addSpare([], { spare: first!, context }) };
}

/** Does what a plan says, except resealing, which the caller does to the result. */
export function followPlan(
  { keys }: KeysetRecord,
  { plan, policy }: { plan: RotationPlan; policy: KeyPolicy },
): Change {
  const kept = keys.filter(({ kid }) => !plan.remove.includes(kid))
    .map((key) => plan.destroy.includes(key.kid) ? { ...key, sealed: null } : key);
  const { publish } = plan;
  if (publish === null) return { keysNeeded: 0, apply: () => kept };
  return {
    keysNeeded: 1,
    apply: ([spare]) => succeed(kept, { spare: spare!, times: publish, policy }),
  };
}

/** Brings the spare's turn forward, as far as relying parties can follow; null if that is done. */
export function hastenSpare(
  { keys }: KeysetRecord,
  { kid, now, policy }: ChangeContext & { kid: string },
): Change | null {
  const spare = keys.find((key) => key.kid === kid);
  if (spare === undefined || keyState(spare, now) !== "published") return null;
  const isolatesKnow = now + policy.viewAge + policy.clockSkew;
  const notBefore = ceilToSecond(Math.max(isolatesKnow, spare.publishedAt + policy.lead));
  if (notBefore >= spare.notBefore) return null;
  const active = findKey(keys, { state: "active", now });
  return {
    keysNeeded: 0,
    apply: () =>
      keys.map((key) => {
        if (key.kid === kid) return { ...key, notBefore };
        if (key !== active) return key;
        return { ...key, retireAt: notBefore, removeAt: notBefore + policy.tail };
      }),
  };
}

/** Makes a key a tombstone and replaces what it was; null if it is one already. */
export function revokeKey(
  { keys }: KeysetRecord,
  { kid, ...context }: ChangeContext & { kid: string },
): Change | null {
  const target = keys.find((key) => key.kid === kid);
  if (target === undefined || target.compromisedAt !== null) return null;
  const state = keyState(target, context.now);
  const buried = keys.map((key) => key === target ? toTombstone(key, context.now) : key);
  const rest = dropOldTombstones(buried);
  if (state === "active") return replaceActive(rest, context);
  if (state !== "published") return { keysNeeded: 0, apply: () => rest };
  return { keysNeeded: 1, apply: ([spare]) => addSpare(rest, { spare: spare!, context }) };
}

function replaceActive(rest: readonly KeyRecord[], context: ChangeContext): Change {
  const spare = findKey(rest, { state: "published", now: context.now });
  const promote = (successor: KeyRecord) => [
    ...rest.filter((key) => key !== spare),
    { ...successor, emergency: true as const },
  ];
  if (spare === undefined) {
    return {
      keysNeeded: 2,
      apply: ([first, next]) =>
        addSpare(promote(usedAtOnce(first!, context)), { spare: next!, context }),
    };
  }
  const successor = { ...spare, notBefore: usedAtOnceFrom(context) };
  return {
    keysNeeded: 1,
    apply: ([next]) => addSpare(promote(successor), { spare: next!, context }),
  };
}

function addSpare(
  keys: readonly KeyRecord[],
  { spare, context }: { spare: FreshKey; context: ChangeContext },
): readonly KeyRecord[] {
  return succeed(keys, { spare, times: spareTimes(keys, context), policy: context.policy });
}

interface Succession {
  readonly spare: FreshKey;
  readonly times: { readonly publishedAt: number; readonly notBefore: number };
  readonly policy: KeyPolicy;
}

/** Adds the spare and ends the active key's time where the spare's begins. */
function succeed(
  keys: readonly KeyRecord[],
  { spare, times, policy }: Succession,
): readonly KeyRecord[] {
  const active = findKey(keys, { state: "active", now: times.publishedAt });
  const end = { retireAt: times.notBefore, removeAt: times.notBefore + policy.tail };
  return [...keys.map((key) => key === active ? { ...key, ...end } : key), toRecord(spare, times)];
}

function toRecord(
  fresh: FreshKey,
  times: { publishedAt: number; notBefore: number },
): KeyRecord {
  return { ...fresh, ...times, retireAt: null, removeAt: null, compromisedAt: null };
}

function usedAtOnce(fresh: FreshKey, context: ChangeContext): KeyRecord {
  const notBefore = usedAtOnceFrom(context);
  return toRecord(fresh, { publishedAt: notBefore, notBefore });
}

// Dated back by the clock skew, so that it is active on isolates whose clocks are behind as well.
function usedAtOnceFrom({ now, policy }: ChangeContext): number {
  return floorToSecond(now - policy.clockSkew);
}

function toTombstone(key: KeyRecord, now: number): KeyRecord {
  const endOfUse = Math.min(key.retireAt ?? Infinity, ceilToSecond(now));
  return { ...key, retireAt: endOfUse, compromisedAt: now, sealed: null };
}

function dropOldTombstones(keys: readonly KeyRecord[]): readonly KeyRecord[] {
  const tombstones = keys.filter((key) => key.compromisedAt !== null);
  const dropped = new Set(tombstones.slice(0, Math.max(0, tombstones.length - MAX_TOMBSTONES)));
  return keys.filter((key) => !dropped.has(key));
}
