import { activeKey } from "./active_key.ts";
import type { Algorithm } from "./algorithm.ts";
import { followPlan, hastenSpare, revokeKey } from "./change_keyset.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import { notConfigured, unfinishedRotation, unknownKey } from "./keyring_errors.ts";
import type { KeyringEvent, ResolvedKeyringOptions } from "./keyring_options.ts";
import type { Keysets } from "./keysets.ts";
import type { ChangeResult, Decide, KeysetStore } from "./keyset_store.ts";
import { findKey } from "./lifecycle.ts";
import { isDue, planRotation } from "./plan_rotation.ts";
import { readKeysets } from "./read_keysets.ts";

/** Options of {@link Keyring.rotate}. */
export interface RotateOptions {
  /** True: the active key is compromised; it becomes a tombstone and the spare signs at once. */
  readonly emergency?: boolean;
  /** Which algorithm's keys. Default all configured. */
  readonly alg?: Algorithm;
}

/** What {@link Keyring.rotate} or {@link Keyring.revoke} led to, for one algorithm. */
export interface RotationResult {
  /** Whose keyset it is. */
  readonly alg: Algorithm;
  /** The key that signs next, or now after an emergency. */
  readonly kid: string;
  /** From when on it signs, in ms since the epoch. */
  readonly activeAt: number;
  /** The keyset's epoch now. */
  readonly epoch: number;
}

/** What {@link KeyChanges} work on. */
export interface KeyChangesParts {
  readonly options: ResolvedKeyringOptions;
  readonly store: KeysetStore;
  /** The id of the first key-encryption key. */
  readonly sealingKeyId: () => Promise<string>;
  /** Whether a key's private half could be opened. */
  readonly isOpen: (kid: string) => boolean;
  /** Puts what was just read or written in force here. */
  readonly adopt: (result: Pick<ChangeResult, "keysets" | "readAt">) => Promise<void>;
}

type EventType = "maintained" | "rotated" | "revoked";

/** Changes of keysets, each by compare-and-swap and one at a time. */
export class KeyChanges {
  readonly #parts: KeyChangesParts;
  #turns: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: KeyChangesParts) {
    this.#parts = parts;
  }

  rotate({ emergency = false, alg }: RotateOptions = {}): Promise<readonly RotationResult[]> {
    const { algorithms } = this.#parts.options;
    const chosen = alg === undefined ? algorithms : [alg];
    return this.#inTurn(async (keysets) => {
      for (const each of chosen) {
        if (!algorithms.includes(each)) throw notConfigured(each, algorithms);
      }
      if (emergency) return await this.#replace(this.#signing(keysets, alg));
      const results: RotationResult[] = [];
      for (const each of chosen) results.push(await this.#hasten(each));
      return results;
    });
  }

  revoke(kid: string): Promise<RotationResult> {
    return this.#inTurn(async (keysets) => {
      for (const [alg, { keys }] of keysets) {
        if (keys.some((key) => key.kid === kid)) return await this.#revoke(alg, kid);
      }
      throw unknownKey(kid);
    });
  }

  maintain({ reseal }: { reseal: boolean }): Promise<boolean> {
    return this.#inTurn(async () => {
      const decide = this.#planned(reseal ? await this.#parts.sealingKeyId() : undefined);
      let changed = false;
      for (const alg of this.#parts.options.algorithms) {
        const result = await this.#change(alg, { type: "maintained", decide });
        changed ||= result.changed;
      }
      return changed;
    });
  }

  /** Waits for the changes under way; there are none after it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turns;
  }

  async #hasten(alg: Algorithm): Promise<RotationResult> {
    const { policy, now } = this.#parts.options;
    const decide = this.#planned(undefined);
    const { record: current } = await this.#change(alg, { type: "maintained", decide });
    // The very spare of now: a retry after a lost reply must not hurry the next one as well.
    const spare = findKey(current.keys, { state: "published", now: now() }) ?? current.keys.at(-1)!;
    const { kid } = spare;
    const { record } = await this.#change(alg, {
      type: "rotated",
      kid,
      decide: (record, now) => hastenSpare(record, { kid, now, policy }),
    });
    return toResult(record, record.keys.find((key) => key.kid === kid) ?? spare);
  }

  /** The keys that sign now; an algorithm whose first key still waits has none, unless it is named. */
  #signing(keysets: Keysets, alg: Algorithm | undefined): { alg: Algorithm; kid: string }[] {
    const { now, policy, algorithms } = this.#parts.options;
    const records = (alg === undefined ? algorithms : [alg]).map((each) => keysets.get(each)!);
    const inUse = records.filter(({ keys }) => findKey(keys, { state: "active", now: now() }));
    return (alg === undefined && inUse.length > 0 ? inUse : records).map((record) => {
      const { kid } = activeKey(record, { now: now(), clockSkew: policy.clockSkew });
      return { alg: record.alg, kid };
    });
  }

  // By kid, as in #hasten: a retry after a lost reply must not kill the successor as well.
  async #replace(
    keys: readonly { alg: Algorithm; kid: string }[],
  ): Promise<readonly RotationResult[]> {
    const results: RotationResult[] = [];
    for (const { alg, kid } of keys) {
      try {
        results.push(await this.#revoke(alg, kid));
      } catch (error) {
        if (results.length === 0) throw error;
        throw unfinishedRotation(results.map(({ alg }) => alg), error);
      }
    }
    return results;
  }

  async #revoke(alg: Algorithm, kid: string): Promise<RotationResult> {
    const { policy, now } = this.#parts.options;
    const decide: Decide = (record, now) => revokeKey(record, { kid, now, policy });
    const { record } = await this.#change(alg, { type: "revoked", kid, decide });
    const signing = findKey(record.keys, { state: "active", now: now() }) ??
      findKey(record.keys, { state: "published", now: now() });
    return toResult(record, signing!);
  }

  #planned(sealingKeyId: string | undefined): Decide {
    const { policy, x5c } = this.#parts.options;
    return (record, now) => {
      const certify = x5c && sealingKeyId !== undefined && record.alg === "RS256";
      const plan = planRotation(record, { now, policy, sealingKeyId, certify });
      const reseal = plan.reseal.filter(this.#parts.isOpen);
      if (!isDue(plan) && reseal.length === 0) return null;
      return { ...followPlan(record, { plan, policy, now }), reseal };
    };
  }

  async #change(
    alg: Algorithm,
    { decide, type, kid }: { decide: Decide; type: EventType; kid?: string },
  ): Promise<ChangeResult> {
    const result = await this.#parts.store.change(alg, decide);
    await this.#parts.adopt(result);
    if (result.changed) {
      const event: KeyringEvent = { type, alg, epoch: result.record.epoch };
      this.#parts.options.onEvent(kid === undefined ? event : { ...event, kid });
    }
    return result;
  }

  #inTurn<T>(action: (keysets: Keysets) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new TypeError("Cannot change keys: disposed"));
    const { store, options } = this.#parts;
    const turn = this.#turns.then(async () => await action(await readKeysets(store, options)));
    this.#turns = turn.catch(() => {});
    return turn;
  }
}

function toResult({ alg, epoch }: KeysetRecord, { kid, notBefore }: KeyRecord): RotationResult {
  return { alg, kid, activeAt: notBefore, epoch };
}
