import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import { keyState } from "../../keys/lifecycle.ts";
import { MINUTE } from "../keys/support.ts";
import type { Facts } from "./facts.ts";
import type { Process } from "./process.ts";

/** The tombstones that a record keeps at least. */
const TOMBSTONES = 50;

/** What must hold of everything that is stored. */
export class KeysetRules {
  readonly #facts: Facts;
  readonly #gone = new Set<string>();
  readonly #writeIds = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** A keyset was written. */
  onKeyset(record: KeysetRecord, process: Process): void {
    const facts = this.#facts;
    const { alg, epoch, writeId, keys } = record;
    const before = facts.latest.get(alg);
    facts.latest.set(alg, record);
    facts.must(epoch === (before?.epoch ?? 0) + 1, `${alg} goes from ${before?.epoch} to ${epoch}`);
    facts.must(!this.#writeIds.has(writeId) || before === undefined, "a writeId comes twice");
    this.#writeIds.add(writeId);
    for (const key of keys) this.#onKey(key, record);
    this.#mustKeepKeys(record, before);
    this.#mustHaveKeys(record, process);
  }

  #onKey(key: KeyRecord, { alg, keys }: KeysetRecord): void {
    const facts = this.#facts;
    const { now } = facts;
    const { kid, publishedAt, compromisedAt } = key;
    facts.must(keys.filter((other) => other.kid === kid).length === 1, `${kid} is stored twice`);
    facts.must(!this.#gone.has(kid), `${kid} was removed and came back`);
    facts.must(compromisedAt === null || key.sealed === null, `${kid} is a tombstone with a key`);
    const known = facts.keys.get(kid);
    if (known === undefined) {
      const lateness = Math.max(0, now - publishedAt);
      facts.keys.set(kid, {
        ...{ alg, committedAt: now, lateness, record: key },
        compromisedAt: compromisedAt === null ? Infinity : now,
        lastServedAt: -Infinity,
      });
      return;
    }
    known.record = key;
    const isTrusted = compromisedAt === null;
    const wasTrusted = known.compromisedAt === Infinity;
    facts.must(!isTrusted || wasTrusted, `${kid} is trusted again after its revocation`);
    if (!isTrusted && wasTrusted) known.compromisedAt = now;
  }

  #mustKeepKeys(record: KeysetRecord, before: KeysetRecord | undefined): void {
    const kids = new Set(record.keys.map(({ kid }) => kid));
    const dropped = (before?.keys ?? []).filter(({ kid }) => !kids.has(kid));
    for (const { kid } of dropped) this.#gone.add(kid);
    const tombstones = record.keys.filter(({ compromisedAt }) => compromisedAt !== null).length;
    for (const { kid, compromisedAt } of dropped) {
      const mayGo = compromisedAt === null || tombstones >= TOMBSTONES;
      this.#facts.must(mayGo, `the tombstone of ${kid} is gone`);
    }
  }

  #mustHaveKeys(record: KeysetRecord, process: Process): void {
    const { now, configuration: { policy } } = this.#facts;
    const { alg, keys, lastSeenTime } = record;
    const states = keys.map((key) => keyState(key, lastSeenTime));
    const hasSpare = states.includes("published");
    this.#facts.must(hasSpare, `${process.name} leaves ${alg} without a spare`);
    this.#mustHaveOneActive(record, lastSeenTime);
    const planned = keys.filter((key) =>
      key.compromisedAt === null && key.notBefore > now + policy.clockSkew
    );
    const message = `${alg} has ${planned.length} new keys for one due time`;
    this.#facts.must(planned.length <= 1, message);
  }

  #mustHaveOneActive({ alg, keys }: KeysetRecord, now: number): void {
    const active = keys.filter((key) => keyState(key, now) === "active").length;
    // A further algorithm begins without one; its first key may even be revoked before its turn.
    const isNew = keys.every(({ notBefore, retireAt }) =>
      now < notBefore || (retireAt !== null && retireAt <= notBefore)
    );
    const isWell = active === 1 || (isNew && active === 0);
    this.#facts.must(isWell, `${alg} has ${active} active keys`);
  }

  /** What holds at any time, on every clock. */
  check(processes: readonly Process[]): void {
    for (const record of this.#facts.latest.values()) {
      for (const { skew } of processes) {
        this.#mustHaveOneActive(record, this.#facts.now + skew);
      }
    }
  }

  /** What holds of an algorithm's keyset when isolates have just done all that is due. */
  checkAtRest({ alg, keys }: KeysetRecord): void {
    const { now, configuration: { policy } } = this.#facts;
    for (const { kid, retireAt, removeAt, sealed, compromisedAt } of keys) {
      if (retireAt === null || compromisedAt !== null) continue;
      const isOver = now > retireAt + policy.viewAge + 2 * policy.clockSkew + MINUTE;
      this.#facts.must(!isOver || sealed === null, `the private half of ${kid} outlives its use`);
      const isGone = removeAt !== null && now > removeAt + policy.clockSkew + MINUTE;
      this.#facts.must(!isGone, `${alg} keeps ${kid} after its tail`);
    }
  }
}
