import type { KeyPolicy } from "./key_policy.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import { findKey, keyState } from "./lifecycle.ts";
import {
  ceilToSecond,
  floorToSecond,
  type RotationPlan,
  spareTimes,
  wholeLead,
} from "./plan_rotation.ts";

/** A key that was generated and sealed, and has no times yet. */
export type FreshKey = Pick<KeyRecord, "kid" | "publicKey" | "sealed" | "certificate">;

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
  { plan, ...context }: ChangeContext & { plan: RotationPlan },
): Change {
  const kept = keys.filter(({ kid }) => !plan.remove.includes(kid))
    .map((key) => plan.destroy.includes(key.kid) ? { ...key, sealed: null } : key)
    .map((key) => ({ ...key, notBefore: wholeLead(key, context) }));
  return withSpare(kept, context);
}

/** Brings the spare's turn forward, as far as relying parties can follow; null if that is done. */
export function hastenSpare(
  { keys }: KeysetRecord,
  { kid, ...context }: ChangeContext & { kid: string },
): Change | null {
  const { now, policy } = context;
  const spare = keys.find((key) => key.kid === kid);
  if (spare === undefined || keyState(spare, now) !== "published") return null;
  const isolatesKnow = now + policy.viewAge + policy.clockSkew;
  const notBefore = ceilToSecond(Math.max(isolatesKnow, spare.publishedAt + policy.lead));
  if (notBefore >= spare.notBefore) return null;
  const hastened = keys.map((key) => key === spare ? { ...key, notBefore } : key);
  return { keysNeeded: 0, apply: () => linkSuccessors(hastened, context) };
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
  // A key that retired a moment ago is still the active one where clocks are behind.
  const mayBeActive = state === "active" ||
    (state === "retired" && target.retireAt! > context.now - context.policy.clockSkew);
  return mayBeActive ? replaceActive(rest, context) : withSpare(rest, context);
}

function replaceActive(rest: readonly KeyRecord[], context: ChangeContext): Change {
  const { now } = context;
  const next = findKey(rest, { state: "active", now }) ??
    findKey(rest, { state: "published", now });
  if (next !== undefined) {
    const notBefore = Math.min(next.notBefore, usedAtOnceFrom(context));
    return withSpare(promote(rest, { ...next, notBefore }), context);
  }
  return {
    keysNeeded: 2,
    apply: ([first, next]) =>
      addSpare(promote(rest, usedAtOnce(first!, context)), { spare: next!, context }),
  };
}

function promote(rest: readonly KeyRecord[], successor: KeyRecord): readonly KeyRecord[] {
  const { kid, notBefore } = successor;
  // The successor is dated back, so what retired just before must not overlap with it.
  const others = rest.filter((key) => key.kid !== kid).map((key) =>
    key.retireAt !== null && key.retireAt > notBefore && key.notBefore < notBefore &&
      key.compromisedAt === null
      ? { ...key, retireAt: notBefore }
      : key
  );
  return [...others, { ...successor, emergency: true }];
}

function withSpare(keys: readonly KeyRecord[], context: ChangeContext): Change {
  if (findKey(keys, { state: "published", now: context.now }) !== undefined) {
    return { keysNeeded: 0, apply: () => linkSuccessors(keys, context) };
  }
  return { keysNeeded: 1, apply: ([spare]) => addSpare(keys, { spare: spare!, context }) };
}

function addSpare(
  keys: readonly KeyRecord[],
  { spare, context }: { spare: FreshKey; context: ChangeContext },
): readonly KeyRecord[] {
  const added = toRecord(spare, spareTimes(keys, context));
  return linkSuccessors([...keys, added], context);
}

/**
 * Ends each key's time where the next one's begins, so that one and only one is active at any
 * time. There can be two spares: a writer with a clock ahead publishes one a moment early.
 */
function linkSuccessors(
  keys: readonly KeyRecord[],
  { now, policy }: ChangeContext,
): readonly KeyRecord[] {
  const live = keys.filter((key) => ["active", "published"].includes(keyState(key, now)))
    .sort((a, b) => a.notBefore - b.notBefore);
  return keys.map((key) => {
    const index = live.indexOf(key);
    return index < 0 ? key : { ...key, ...endOf(key, { next: live[index + 1], policy }) };
  });
}

function endOf(
  { retireAt, removeAt }: KeyRecord,
  { next, policy }: { next: KeyRecord | undefined; policy: KeyPolicy },
): Pick<KeyRecord, "retireAt" | "removeAt"> {
  if (next === undefined) return { retireAt: null, removeAt: null };
  const end = next.notBefore;
  // Only a hastened rotation ends a key's time earlier than stored.
  const stored = retireAt !== null && end < retireAt ? 0 : removeAt ?? 0;
  return { retireAt: end, removeAt: Math.max(stored, end + policy.tail) };
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

// A tombstone leaves the JWKS, and fifty certificates would be most of a record.
function toTombstone({ certificate: _, ...key }: KeyRecord, now: number): KeyRecord {
  const endOfUse = Math.min(key.retireAt ?? Infinity, ceilToSecond(now));
  return { ...key, retireAt: endOfUse, compromisedAt: now, sealed: null };
}

function dropOldTombstones(keys: readonly KeyRecord[]): readonly KeyRecord[] {
  const tombstones = keys.filter((key) => key.compromisedAt !== null);
  const dropped = new Set(tombstones.slice(0, Math.max(0, tombstones.length - MAX_TOMBSTONES)));
  return keys.filter((key) => !dropped.has(key));
}
