import type { Algorithm } from "../../keys/algorithm.ts";
import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import { keyState } from "../../keys/lifecycle.ts";
import { SECOND } from "../keys/support.ts";
import type { Configuration } from "./configurations.ts";
import type { ServedKeys, Token } from "./isolate.ts";
import {
  CACHE_POLICIES,
  type CachePolicy,
  longestBlindness,
  longestTrust,
} from "./relying_parties.ts";
import type { Process, Scheduler } from "./scheduler.ts";

/** Something that must never be so. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** What is known about a key from the outside. All times are true times in ms. */
interface KnownKey {
  readonly alg: Algorithm;
  readonly committedAt: number;
  /** How long after its writer decided on it its commit was applied. */
  readonly lateness: number;
  record: KeyRecord;
  compromisedAt: number;
  /** When a JWKS with it was last served. */
  lastServedAt: number;
}

/** A relying party's answer. */
export interface Verdict {
  readonly token: Token;
  readonly policy: CachePolicy;
  readonly accepted: boolean;
}

interface Served {
  readonly at: number;
  /** When the isolate read what it served. */
  readonly readAt: number;
  readonly kids: ReadonlySet<string>;
  readonly by: string;
  /** Whether the isolate could not read the store, and gave what it had. */
  readonly isLastGood: boolean;
}

interface Minted extends Token {
  readonly at: number;
  readonly by: string;
}

/** The tombstones that a record keeps at least. */
const TOMBSTONES = 50;
/** Calls that a fault has hit, the pause after a failed load, and the probe of a full guard. */
const RECOVERY = 20 * SECOND;
/** Longest that signing goes on without the store. */
const STALE = 600 * SECOND;

/**
 * Sees everything that is stored, served and signed, with the true time, and knows what must hold.
 * Relying parties are not only tried: every JWKS that was served to anybody counts as one that each
 * of them may still hold.
 */
export class Oracle {
  readonly keys = new Map<string, KnownKey>();
  readonly latest = new Map<Algorithm, KeysetRecord>();
  readonly #configuration: Configuration;
  readonly #scheduler: Scheduler;
  readonly #gone = new Set<string>();
  readonly #writeIds = new Set<string>();
  readonly #epochs = new Map<string, number>();
  /** When a kid was last in an isolate's JWKS, and whether it is. */
  readonly #seen = new Map<string, Map<string, { at: number; there: boolean }>>();
  #served: Served[] = [];
  #live: Minted[] = [];
  #unheard: { alg: Algorithm; epoch: number; process: Process; at: number }[] = [];
  tokens = 0;
  /** Keys that a last good JWKS missed during an outage. */
  readonly excused = new Set<string>();
  /** The first invariant that broke. */
  violation: InvariantError | undefined;

  constructor(configuration: Configuration, scheduler: Scheduler) {
    this.#configuration = configuration;
    this.#scheduler = scheduler;
  }

  onKeyset(record: KeysetRecord, process: Process): void {
    const { alg, epoch, writeId, keys } = record;
    const before = this.latest.get(alg);
    this.latest.set(alg, record);
    this.#must(epoch === (before?.epoch ?? 0) + 1, `${alg} goes from ${before?.epoch} to ${epoch}`);
    this.#must(!this.#writeIds.has(writeId) || before === undefined, "a writeId comes twice");
    this.#writeIds.add(writeId);
    for (const key of keys) this.#onKey(key, record);
    this.#mustKeepKeys(record, before);
    this.#mustHaveKeys(record, process);
  }

  #onKey(key: KeyRecord, { alg, keys }: KeysetRecord): void {
    const { now } = this.#scheduler;
    const { kid, publishedAt, compromisedAt } = key;
    this.#must(keys.filter((other) => other.kid === kid).length === 1, `${kid} is stored twice`);
    this.#must(!this.#gone.has(kid), `${kid} was removed and came back`);
    const known = this.keys.get(kid);
    if (known === undefined) {
      const lateness = Math.max(0, now - publishedAt);
      this.keys.set(kid, {
        ...{ alg, committedAt: now, lateness, record: key },
        compromisedAt: compromisedAt === null ? Infinity : now,
        lastServedAt: -Infinity,
      });
      return;
    }
    known.record = key;
    if (compromisedAt === null) {
      this.#must(known.compromisedAt === Infinity, `${kid} is trusted again after its revocation`);
    } else if (known.compromisedAt === Infinity) {
      known.compromisedAt = now;
      this.#live = this.#live.filter((token) => token.kid !== kid);
    }
    this.#must(compromisedAt === null || key.sealed === null, `${kid} is a tombstone with a key`);
  }

  #mustKeepKeys(record: KeysetRecord, before: KeysetRecord | undefined): void {
    const kids = new Set(record.keys.map(({ kid }) => kid));
    const dropped = (before?.keys ?? []).filter(({ kid }) => !kids.has(kid));
    for (const { kid } of dropped) this.#gone.add(kid);
    const tombstones = record.keys.filter(({ compromisedAt }) => compromisedAt !== null).length;
    for (const { kid, compromisedAt } of dropped) {
      const mayGo = compromisedAt === null || tombstones >= TOMBSTONES;
      this.#must(mayGo, `the tombstone of ${kid} is gone`);
    }
  }

  #mustHaveKeys(record: KeysetRecord, process: Process): void {
    const { now } = this.#scheduler;
    const { clockSkew } = this.#configuration.policy;
    const { alg, keys, lastSeenTime } = record;
    const states = keys.map((key) => keyState(key, lastSeenTime));
    const published = states.filter((state) => state === "published").length;
    this.#must(published > 0, `${process.name} leaves ${alg} without a spare`);
    this.#mustHaveOneActive(record, lastSeenTime);
    const planned = keys.filter((key) =>
      key.compromisedAt === null && key.notBefore > now + clockSkew
    );
    this.#must(planned.length <= 1, `${alg} has ${planned.length} new keys for one due time`);
  }

  #mustHaveOneActive({ alg, keys }: KeysetRecord, now: number): void {
    const active = keys.filter((key) => keyState(key, now) === "active").length;
    // A further algorithm begins without one; its first key may even be revoked before its turn.
    const isNew = keys.every(({ notBefore, retireAt }) =>
      now < notBefore || (retireAt !== null && retireAt <= notBefore)
    );
    this.#must(active === 1 || (isNew && active === 0), `${alg} has ${active} active keys`);
  }

  /** What holds at any time, on every clock. */
  check(processes: readonly Process[]): void {
    for (const record of this.latest.values()) {
      for (const { skew } of processes) {
        const now = Math.max(record.lastSeenTime, this.#scheduler.now + skew);
        this.#mustHaveOneActive(record, now);
      }
    }
    this.#mustHearOfOwnWrites();
  }

  /** A process that is told that its commit failed, though it was applied, has to find out. */
  onLostReply({ alg, epoch }: KeysetRecord, process: Process): void {
    this.#unheard.push({ alg, epoch, process, at: this.#scheduler.now });
  }

  /** A process says that a write was its own. */
  onReported({ alg, epoch }: Pick<KeysetRecord, "alg" | "epoch">, process: Process): void {
    this.#unheard = this.#unheard.filter((write) =>
      write.process !== process || write.alg !== alg || write.epoch !== epoch
    );
  }

  #mustHearOfOwnWrites(): void {
    const { now } = this.#scheduler;
    this.#unheard = this.#unheard.filter(({ alg, epoch, process, at }) =>
      process.alive && process.lastFaultAt <= at && this.latest.get(alg)!.epoch === epoch
    );
    for (const { epoch, process, at } of this.#unheard) {
      const message = `${process.name} takes its own write of epoch ${epoch} for another's`;
      this.#must(now < at + 60 * SECOND, message);
    }
  }

  onServed({ kids, epochs, age: told }: ServedKeys, process: Process): void {
    const { now } = this.#scheduler;
    const age = told ?? (this.#isHindered(process) ? Infinity : 0);
    this.#must(kids.length > 0, `${process.name} serves no keys`);
    for (const [alg, epoch] of Object.entries(epochs)) {
      const name = `${process.name} ${alg}`;
      const before = this.#epochs.get(name) ?? 0;
      this.#must(epoch! >= before, `${name} goes from epoch ${before} back to ${epoch}`);
      this.#epochs.set(name, epoch!);
    }
    const served = {
      ...{ at: now, readAt: now - age, kids: new Set(kids), by: process.name },
      isLastGood: age >= STALE && this.#isHindered(process),
    };
    this.#mustNotBringBack(served, process);
    this.#mustNotServeCompromised(served, process);
    this.#live = this.#live.filter((token) => this.#endOfTrust(token) >= now);
    for (const token of this.#live) this.#mustHold(served, token, "fetched in the token's life");
    this.#served = this.#served.filter(({ at }) => at > now - this.#longestMemory());
    this.#served.push(served);
  }

  #mustNotBringBack({ kids, at }: Served, process: Process): void {
    const seen = this.#seen.get(process.name) ?? new Map();
    this.#seen.set(process.name, seen);
    for (const kid of kids) {
      const before = seen.get(kid);
      // A clock that went back a little shows again what it had just removed.
      const returned = before !== undefined && !before.there && process.lastStepBackAt < before.at;
      this.#must(!returned, `${kid} comes back to the JWKS of ${process.name}`);
      seen.set(kid, { at, there: true });
    }
    for (const [kid, { at, there }] of seen) {
      if (there && !kids.has(kid)) seen.set(kid, { at, there: false });
    }
  }

  #mustNotServeCompromised({ kids, at }: Served, process: Process): void {
    for (const kid of kids) {
      const known = this.keys.get(kid);
      this.#must(known !== undefined, `${kid} is served and was never stored`);
      known!.lastServedAt = at;
      const late = at - known!.compromisedAt;
      const allowed = this.#inForce(process);
      this.#must(late <= allowed, `${process.name} serves ${kid} ${late} ms after its revocation`);
    }
  }

  onMinted(token: Token, process: Process): void {
    const { now } = this.#scheduler;
    const minted = { ...token, at: now, by: process.name };
    const { kid, issuedAt, keyNotBefore = 0 } = token;
    const key = this.keys.get(kid);
    this.tokens++;
    if (key === undefined) this.#fail(`${process.name} signs with ${kid}, which was never stored`);
    this.#must(keyNotBefore <= issuedAt, `${process.name} signs before ${kid} may`);
    this.#mustHavePublished(key!, minted);
    if (key!.compromisedAt <= now) return this.#mustStopSoon(key!, { minted, process });
    for (const served of this.#served) this.#mustHold(served, minted, "fetched before");
    this.#live.push(minted);
  }

  #mustHavePublished({ committedAt, lateness, record }: KnownKey, { kid, at, by }: Minted): void {
    if (record.bootstrap || record.emergency) return;
    const { lead, clockSkew } = this.#configuration.policy;
    const least = lead - lateness - clockSkew / 2;
    const published = at - committedAt;
    this.#must(published >= least, `${by} signs with ${kid}, published ${published} ms before`);
  }

  #mustStopSoon(
    { compromisedAt }: KnownKey,
    { minted: { kid, at, by }, process }: { minted: Minted; process: Process },
  ): void {
    const late = at - compromisedAt;
    const { clockSteps } = this.#configuration.hardship;
    const never = STALE + (clockSteps ? this.#configuration.policy.clockSkew : 0);
    const allowed = Math.min(this.#inForce(process), never);
    this.#must(late <= allowed, `${by} signs with ${kid} ${late} ms after its revocation`);
  }

  /** How long after a revocation an isolate may not know of it; Infinity if it cannot read. */
  #inForce(process: Process): number {
    const { policy: { viewAge, clockSkew }, hardship } = this.#configuration;
    const steps = hardship.clockSteps ? clockSkew : 0;
    return this.#isHindered(process) ? Infinity : viewAge + steps + hardship.lag;
  }

  #isHindered({ lastFaultAt }: Process): boolean {
    return this.#scheduler.now < lastFaultAt + RECOVERY;
  }

  /** Whether relying parties that got this JWKS take this token. */
  #mustHold(served: Served, token: Minted, when: string): void {
    if (served.kids.has(token.kid) || this.#isExcused(served, token.kid)) return;
    const { jwksMaxAge } = this.#configuration.policy;
    const age = Math.max(0, token.at - served.at);
    const fails = CACHE_POLICIES.filter((policy) => age < longestBlindness(policy) + jwksMaxAge);
    if (fails.length === 0) return;
    const names = fails.map(({ name }) => name).join(", ");
    this.#fail(
      `${names} may refuse a token of ${token.by} by ${token.kid}: a JWKS of ${served.by}, ` +
        `${when}, ${age} ms older than the token, does not hold the key`,
    );
  }

  #isExcused({ readAt, isLastGood }: Served, kid: string): boolean {
    const { record, committedAt } = this.keys.get(kid)!;
    const { policy: { viewAge, clockSkew }, haste } = this.#configuration;
    // A key whose turn came a bare lead after its publication, unseen by an isolate without a
    // store: the one case that no lead covers, since an outage has no bound.
    if (isLastGood && haste && readAt <= committedAt) {
      this.excused.add(kid);
      return true;
    }
    // What replaced a compromised key at once, or began the issuer, could not be known before.
    if (!record.bootstrap && !record.emergency) return false;
    return readAt <= committedAt + viewAge + clockSkew;
  }

  /** What a relying party said about a token of a key. */
  onVerdict({ token, policy, accepted }: Verdict): void {
    const { now } = this.#scheduler;
    const { record, compromisedAt, lastServedAt } = this.keys.get(token.kid)!;
    if (compromisedAt === Infinity) {
      const mayNotKnow = record.bootstrap || record.emergency || this.excused.has(token.kid);
      const mustTake = !mayNotKnow && now <= this.#endOfTrust(token);
      this.#must(accepted || !mustTake, `${policy.name} refuses a token by ${token.kid}`);
      return;
    }
    const end = lastServedAt + longestTrust(policy) + this.#configuration.policy.jwksMaxAge;
    const mustRefuse = now > end + RECOVERY;
    this.#must(!accepted || !mustRefuse, `${policy.name} still takes the removed ${token.kid}`);
  }

  #endOfTrust({ expiresAt }: Token): number {
    return expiresAt + this.#configuration.policy.leeway;
  }

  #longestMemory(): number {
    const blindness = Math.max(...CACHE_POLICIES.map(longestBlindness));
    return blindness + this.#configuration.policy.jwksMaxAge;
  }

  #must(holds: boolean, message: string): void {
    if (!holds) this.#fail(message);
  }

  // Kept as well as thrown: the code under test may catch it as a failure of the store.
  #fail(message: string): never {
    this.violation ??= new InvariantError(message);
    throw this.violation;
  }
}
