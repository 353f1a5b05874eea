import { createView, type View } from "../kv/view.ts";
import type { Algorithm } from "./algorithm.ts";
import {
  bootstrapKeyset,
  followPlan,
  hastenSpare,
  introduceKeyset,
  revokeKey,
} from "./change_keyset.ts";
import { KeyringError } from "./errors.ts";
import { createKeyCache, type KeyCache } from "./key_cache.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import {
  type KeyringEvent,
  type KeyringOptions,
  type ResolvedKeyringOptions,
  resolveKeyringOptions,
} from "./keyring_options.ts";
import { describeKeysets, type KeyringView, type KeysetsView } from "./keyring_view.ts";
import {
  type ChangeResult,
  checkedTime,
  createKeysetStore,
  type Decide,
  type Keysets,
  type KeysetStore,
} from "./keyset_store.ts";
import { findKey, keyState } from "./lifecycle.ts";
import { isDue, planRotation } from "./plan_rotation.ts";
import { createSealer, type Sealer } from "./seal.ts";
import { createSigners, type Signers } from "./signer.ts";
import type { SigningKey } from "./sign_jwt.ts";

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

/** An issuer's signing keys: the only place where private keys exist in the clear. */
export interface Keyring extends AsyncDisposable {
  /** Loads the keys, or creates them on a first boot. Throws KeyringError, KvUnavailableError. */
  start(): Promise<void>;
  /**
   * The key that signs now: at once while the copy of the keysets is fresh. Throws
   * {@link KeyringError} `keys_stale` when the store has not answered for ten minutes.
   */
  signingKey(alg: Algorithm): SigningKey | Promise<SigningKey>;
  /** The public keys and their states; from an older copy than may sign while the store is down. */
  view(): KeyringView | Promise<KeyringView>;
  /** Starts a rotation now; in force at once here, elsewhere within `viewAge`. */
  rotate(options?: RotateOptions): Promise<readonly RotationResult[]>;
  /** Makes a key a tombstone and replaces it. Throws {@link KeyringError} `key_unknown`. */
  revoke(kid: string): Promise<RotationResult>;
  /** Does what is due, and seals under the first key-encryption key. True if it changed anything. */
  maintain(): Promise<boolean>;
}

/** Makes a {@link Keyring}. Throws a TypeError that lists every fault in the options. */
export function createKeyring(options: KeyringOptions): Keyring {
  const { signers = createSigners() } = options;
  return new KeyringOf(resolveKeyringOptions(options), signers);
}

class KeyringOf implements Keyring {
  readonly #options: ResolvedKeyringOptions;
  readonly #signers: Signers;
  readonly #sealer: Promise<Sealer>;
  readonly #cache: KeyCache;
  readonly #store: KeysetStore;
  readonly #view: View<Keysets>;
  #described: { keysets: Keysets; view: KeysetsView } | undefined;
  #changes: Promise<unknown> = Promise.resolve();
  #loading: Promise<unknown> = Promise.resolve();
  #background: Promise<unknown> | undefined;
  #disposed = false;

  constructor(options: ResolvedKeyringOptions, signers: Signers) {
    this.#options = options;
    this.#signers = signers;
    this.#sealer = createSealer(options);
    // Whoever needs it sees the failure; nobody may need it at all.
    this.#sealer.catch(() => {});
    this.#cache = createKeyCache({ issuer: options.issuer, sealer: this.#sealer, signers });
    this.#store = createKeysetStore({
      ...options,
      clockSkew: options.policy.clockSkew,
      makeKey: async (alg) => this.#cache.seal(alg, await options.generateKey(alg)),
      resealKey: (alg, key) => this.#cache.reseal(alg, key),
    });
    const { viewAge } = options.policy;
    this.#view = createView({
      now: options.now,
      load: () => {
        const loading = this.#load();
        this.#loading = loading.catch(() => {});
        return loading;
      },
      freshMs: viewAge / 2,
      maxAgeMs: viewAge,
    });
  }

  async start(): Promise<void> {
    await this.#view.reload();
  }

  signingKey(alg: Algorithm): SigningKey | Promise<SigningKey> {
    const keysets = this.#view.get();
    if (keysets instanceof Promise) return this.#pickFrom(keysets, alg);
    // A load under way has let go of a key that was revoked, and is about to bring another.
    return this.#pick(keysets, alg) ?? this.#pickFrom(this.#view.reload(), alg);
  }

  view(): KeyringView | Promise<KeyringView> {
    const keysets = this.#view.get();
    if (!(keysets instanceof Promise)) return this.#describe(keysets);
    return keysets.catch((error) => this.#lastGood(error))
      .then((loaded) => this.#describe(loaded));
  }

  rotate({ emergency = false, alg }: RotateOptions = {}): Promise<readonly RotationResult[]> {
    const algorithms = alg === undefined ? this.#options.algorithms : [alg];
    return this.#inTurn(async () => {
      await this.#readOrCreate();
      const results: RotationResult[] = [];
      for (const each of algorithms) {
        this.#assertConfigured(each);
        results.push(emergency ? await this.#replace(each) : await this.#hasten(each));
      }
      return results;
    });
  }

  revoke(kid: string): Promise<RotationResult> {
    return this.#inTurn(async () => {
      for (const [alg, { keys }] of await this.#readOrCreate()) {
        if (keys.some((key) => key.kid === kid)) return await this.#revoke(alg, kid);
      }
      throw new KeyringError(
        "key_unknown",
        `Cannot revoke ${JSON.stringify(kid)}: no keyset holds such a key; list the keys first`,
      );
    });
  }

  maintain(): Promise<boolean> {
    return this.#inTurn(() => this.#maintain({ reseal: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#loading;
    await this.#changes;
    this.#cache.clear();
    await this.#signers[Symbol.asyncDispose]();
  }

  /** Reads the keysets, creates those that are missing, and opens the keys. */
  async #load(): Promise<Keysets> {
    try {
      const keysets = await this.#readOrCreate();
      await this.#open(keysets);
      this.#assertUsable(keysets, { strict: this.#view.peek() === undefined });
      this.#maintainInBackground(keysets);
      return keysets;
    } catch (error) {
      this.#options.onEvent({ type: "load_failed", error });
      throw error;
    }
  }

  async #readOrCreate(): Promise<Keysets> {
    for (;;) {
      const keysets = await this.#store.read();
      const missing = this.#options.algorithms.filter((alg) => !keysets.has(alg));
      if (missing.length === 0) return keysets;
      const first = keysets.size === 0;
      if (first && this.#options.initialized) throw lostDatabase(this.#options.issuer);
      const { policy } = this.#options;
      const created = await this.#store.create(missing, {
        first,
        decide: (now) =>
          first ? bootstrapKeyset({ now, policy }) : introduceKeyset({ now, policy }),
      });
      if (!created) continue;
      const type = first ? "bootstrapped" : "introduced";
      for (const alg of missing) this.#options.onEvent({ type, alg, epoch: 1 });
    }
  }

  #open(keysets: Keysets): Promise<void> {
    return this.#cache.prepare(this.#configured(keysets));
  }

  /** Throws if an active key could not be opened; at the start also if any other could not. */
  #assertUsable(keysets: Keysets, { strict }: { strict: boolean }): void {
    const now = this.#options.now();
    for (const key of this.#configured(keysets).flatMap(({ keys }) => keys)) {
      const error = this.#cache.failure(key.kid);
      if (error === undefined) continue;
      if (strict || keyState(key, now) === "active") throw error;
      this.#options.onEvent({ type: "unseal_failed", kid: key.kid, error });
    }
  }

  #configured(keysets: Keysets): KeysetRecord[] {
    return this.#options.algorithms.flatMap((alg) => keysets.get(alg) ?? []);
  }

  async #pickFrom(loading: Promise<Keysets>, alg: Algorithm): Promise<SigningKey> {
    const keysets = await loading.catch((error) => this.#refuseStale(error));
    const key = this.#pick(keysets, alg);
    if (key === undefined) throw withoutPrivateHalf(alg);
    return key;
  }

  #pick(keysets: Keysets, alg: Algorithm): SigningKey | undefined {
    this.#assertConfigured(alg);
    const { kid } = this.#active(keysets.get(alg)!);
    const failure = this.#cache.failure(kid);
    if (failure !== undefined) throw failure;
    return this.#cache.get(kid);
  }

  #active({ alg, keys, lastSeenTime }: KeysetRecord): KeyRecord {
    const now = this.#options.now();
    checkedTime(now, { lastSeenTime, clockSkew: this.#options.policy.clockSkew });
    const active = findKey(keys, { state: "active", now });
    if (active !== undefined) return active;
    throw notYetActive(alg, findKey(keys, { state: "published", now }));
  }

  #describe(keysets: Keysets): KeyringView {
    const now = this.#options.now();
    let described = this.#described;
    const holds = described?.keysets === keysets && now >= described.view.validFrom &&
      now < described.view.validUntil;
    if (!holds) {
      const { algorithms: order, policy } = this.#options;
      described = { keysets, view: describeKeysets(keysets, { order, now, policy }) };
      this.#described = described;
    }
    const { jwks, keys, epochs, nextAt } = described!.view;
    const { loadedAt = now, failure } = this.#view.peek() ?? {};
    const base = { jwks, keys, epochs, nextAt, loadedAt };
    return failure === undefined ? base : { ...base, problem: describeProblem(failure) };
  }

  // What the JWKS held is right for as long as no unknown key signs: a lead.
  #lastGood(error: unknown): Keysets {
    const held = this.#view.peek();
    const { now, policy } = this.#options;
    if (held === undefined || now() - held.loadedAt >= policy.lead) throw error;
    return held.value;
  }

  #refuseStale(error: unknown): never {
    const held = this.#view.peek();
    if (held === undefined) throw error;
    const since = new Date(held.loadedAt).toISOString();
    throw new KeyringError(
      "keys_stale",
      `Cannot sign: the keys were last read at ${since} and cannot be read now, so that a ` +
        "revocation could be missed; see why the store does not answer",
      { cause: error },
    );
  }

  async #hasten(alg: Algorithm): Promise<RotationResult> {
    const { policy } = this.#options;
    const planned = this.#planned({ reseal: false });
    const { record: current } = await this.#change(alg, { type: "maintained", decide: planned });
    // The very spare of now: a retry after a lost reply must not hurry the next one as well.
    const spare = findKey(current.keys, { state: "published", now: this.#options.now() });
    const { record } = await this.#change(alg, {
      type: "rotated",
      kid: spare?.kid,
      decide: (record, now) => hastenSpare(record, { kid: spare?.kid ?? "", now, policy }),
    });
    const next = record.keys.find(({ kid }) => kid === spare?.kid);
    return toResult(record, next ?? record.keys.at(-1)!);
  }

  async #replace(alg: Algorithm): Promise<RotationResult> {
    // The very key of now, as in #hasten: a retry must not kill its successor.
    const { kid } = this.#active((await this.#readOrCreate()).get(alg)!);
    return await this.#revoke(alg, kid);
  }

  async #revoke(alg: Algorithm, kid: string): Promise<RotationResult> {
    const { policy } = this.#options;
    const { record } = await this.#change(alg, {
      type: "revoked",
      kid,
      decide: (record, now) => revokeKey(record, { kid, now, policy }),
    });
    const now = this.#options.now();
    const signing = findKey(record.keys, { state: "active", now }) ??
      findKey(record.keys, { state: "published", now });
    return toResult(record, signing!);
  }

  async #maintain({ reseal }: { reseal: boolean }): Promise<boolean> {
    let changed = false;
    // Resealing alone is left to an explicit call: while two releases disagree about the first
    // key-encryption key, every reload would undo the other's.
    const decide = this.#planned({ reseal, keyId: (await this.#sealer).keyId });
    await this.#readOrCreate();
    for (const alg of this.#options.algorithms) {
      const result = await this.#change(alg, { type: "maintained", decide });
      changed ||= result.changed;
    }
    return changed;
  }

  #planned({ reseal, keyId }: { reseal: boolean; keyId?: string }): Decide {
    const { policy } = this.#options;
    return (record, now) => {
      const plan = planRotation(record, { now, policy, sealingKeyId: keyId });
      const openable = plan.reseal.filter((kid) => this.#cache.get(kid) !== undefined);
      if (!isDue(plan) && !(reseal && openable.length > 0)) return null;
      return { ...followPlan(record, { plan, policy, now }), reseal: openable };
    };
  }

  async #change(
    alg: Algorithm,
    { decide, type, kid }: {
      decide: Decide;
      type: "maintained" | "rotated" | "revoked";
      kid?: string;
    },
  ): Promise<ChangeResult> {
    const result = await this.#store.change(alg, decide);
    await this.#open(result.keysets);
    this.#view.set(result.keysets);
    if (result.changed) {
      const event: KeyringEvent = { type, alg, epoch: result.record.epoch };
      this.#options.onEvent(kid === undefined ? event : { ...event, kid });
    }
    return result;
  }

  // Where no cron runs, whoever reads the keys does what is due, without making callers wait.
  #maintainInBackground(keysets: Keysets): void {
    const { policy, now, algorithms } = this.#options;
    const due = algorithms.some((alg) =>
      isDue(planRotation(keysets.get(alg)!, { now: now(), policy }))
    );
    if (!due || this.#background !== undefined) return;
    this.#background = this.#inTurn(() => this.#maintain({ reseal: false }))
      .catch((error) => this.#options.onEvent({ type: "maintain_failed", error }))
      .finally(() => this.#background = undefined);
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    if (this.#disposed) return Promise.reject(new TypeError("Cannot change keys: disposed"));
    const turn = this.#changes.then(action);
    this.#changes = turn.catch(() => {});
    return turn;
  }

  #assertConfigured(alg: Algorithm): void {
    if (this.#options.algorithms.includes(alg)) return;
    throw new KeyringError(
      "algorithm_not_configured",
      `Cannot use ${alg} keys: the issuer is configured for ${this.#options.algorithms.join(", ")}`,
    );
  }
}

function toResult({ alg, epoch }: KeysetRecord, { kid, notBefore }: KeyRecord): RotationResult {
  return { alg, kid, activeAt: notBefore, epoch };
}

function notYetActive(alg: Algorithm, next: KeyRecord | undefined): KeyringError {
  const when = next === undefined
    ? "no key is planned"
    : `the first key becomes active at ${
      new Date(next.notBefore).toISOString()
    }, when relying parties have had time to see it`;
  return new KeyringError("key_not_yet_active", `Cannot use an active ${alg} key: ${when}`);
}

function withoutPrivateHalf(alg: Algorithm): KeyringError {
  return new KeyringError(
    "keyset_invalid",
    `Cannot sign with ${alg}: the active key's private half is gone; rotate with emergency`,
  );
}

function lostDatabase(issuer: string): KeyringError {
  return new KeyringError(
    "keyset_missing",
    `Cannot start ${issuer}: it is marked as initialized, and the KV store holds no keyset; ` +
      "restore the store, or remove the mark if this is a new issuer",
  );
}

function describeProblem(failure: unknown): { code: string; message: string } {
  const { code, message } = failure as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "string" ? code : "unknown",
    message: typeof message === "string" ? message : String(failure),
  };
}
