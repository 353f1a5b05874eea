import { createView, type View } from "../kv/view.ts";
import { activeKey } from "./active_key.ts";
import type { Algorithm } from "./algorithm.ts";
import { createKeyCache, type KeyCache } from "./key_cache.ts";
import { KeyChanges, type RotateOptions, type RotationResult } from "./key_changes.ts";
import type { KeysetRecord } from "./key_record.ts";
import { notConfigured, staleKeys, withoutPrivateHalf } from "./keyring_errors.ts";
import {
  type KeyringOptions,
  type ResolvedKeyringOptions,
  resolveKeyringOptions,
} from "./keyring_options.ts";
import {
  describeKeysets,
  describeProblem,
  type KeyringView,
  type KeysetsView,
} from "./keyring_view.ts";
import { type Keysets, newest } from "./keysets.ts";
import { type ChangeResult, createKeysetStore, type KeysetStore } from "./keyset_store.ts";
import { keyState } from "./lifecycle.ts";
import { isDue, planRotation } from "./plan_rotation.ts";
import { readKeysets } from "./read_keysets.ts";
import { createSealer } from "./seal.ts";
import { createSigners } from "./create_signers.ts";
import type { Signers } from "./signer.ts";
import type { SigningKey } from "./sign_jwt.ts";

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
  readonly #cache: KeyCache;
  readonly #store: KeysetStore;
  readonly #view: View<Keysets>;
  readonly #changes: KeyChanges;
  readonly #sealerMade: Promise<unknown>;
  #described: { keysets: Keysets; view: KeysetsView } | undefined;
  #loading: Promise<unknown> = Promise.resolve();
  #background: Promise<unknown> | undefined;

  constructor(options: ResolvedKeyringOptions, signers: Signers) {
    const { issuer, now, policy, generateKey, x5c } = options;
    const sealer = createSealer(options);
    // Whoever needs it sees the failure; nobody may need it at all.
    this.#sealerMade = sealer.catch(() => {});
    this.#options = options;
    this.#signers = signers;
    this.#cache = createKeyCache({ issuer, sealer, signers, x5c });
    this.#store = createKeysetStore({
      ...options,
      clockSkew: policy.clockSkew,
      makeKey: async (alg) => this.#cache.seal(alg, await generateKey(alg)),
      resealKey: (alg, key) => this.#cache.reseal(alg, key),
    });
    const [freshMs, maxAgeMs] = [policy.viewAge / 2, policy.viewAge];
    this.#view = createView({ now, load: () => this.#load(), freshMs, maxAgeMs });
    this.#changes = new KeyChanges({
      options,
      store: this.#store,
      sealingKeyId: async () => (await sealer).keyId,
      isOpen: (kid) => this.#cache.get(kid) !== undefined,
      adopt: (result) => this.#adopt(result),
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

  rotate(options?: RotateOptions): Promise<readonly RotationResult[]> {
    return this.#changes.rotate(options);
  }

  revoke(kid: string): Promise<RotationResult> {
    return this.#changes.revoke(kid);
  }

  maintain(): Promise<boolean> {
    return this.#changes.maintain({ reseal: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sealerMade;
    await this.#loading;
    await this.#changes.close();
    this.#cache.clear();
    await this.#signers[Symbol.asyncDispose]();
  }

  #load(): Promise<Keysets> {
    const loading = this.#readAndOpen();
    this.#loading = loading.catch((error) => this.#options.onEvent({ type: "load_failed", error }));
    return loading;
  }

  async #readAndOpen(): Promise<Keysets> {
    const keysets = await readKeysets(this.#store, this.#options);
    await this.#cache.prepare(this.#configured(keysets));
    this.#assertUsable(keysets);
    this.#maintainInBackground(keysets);
    return keysets;
  }

  async #adopt({ keysets, readAt }: Pick<ChangeResult, "keysets" | "readAt">): Promise<void> {
    await this.#cache.prepare(this.#configured(keysets));
    const held = this.#view.peek();
    // The reply to a commit may come after a load that saw what others wrote on top of it.
    if (held === undefined) this.#view.set(keysets, readAt);
    else this.#view.set(newest(keysets, held.value), Math.max(readAt, held.loadedAt));
  }

  /** Throws if an active key could not be opened; at the start also if any other could not. */
  #assertUsable(keysets: Keysets): void {
    const now = this.#options.now();
    const isFirstLoad = this.#view.peek() === undefined;
    for (const key of this.#configured(keysets).flatMap(({ keys }) => keys)) {
      const error = this.#cache.failure(key.kid);
      if (error === undefined) continue;
      if (isFirstLoad || keyState(key, now) === "active") throw error;
      this.#options.onEvent({ type: "unseal_failed", kid: key.kid, error });
    }
  }

  #configured(keysets: Keysets): KeysetRecord[] {
    return this.#options.algorithms.flatMap((alg) => keysets.get(alg) ?? []);
  }

  async #pickFrom(loading: Promise<Keysets>, alg: Algorithm): Promise<SigningKey> {
    // A load that began before a revocation may end after the key was let go of; the next one knows.
    const key = this.#pick(await this.#loaded(loading), alg) ??
      this.#pick(await this.#loaded(this.#view.reload()), alg);
    if (key === undefined) throw withoutPrivateHalf(alg);
    return key;
  }

  #loaded(loading: Promise<Keysets>): Promise<Keysets> {
    return loading.catch((error) => {
      const held = this.#view.peek();
      throw held === undefined ? error : staleKeys(held.loadedAt, error);
    });
  }

  #pick(keysets: Keysets, alg: Algorithm): SigningKey | undefined {
    const { algorithms, now, policy } = this.#options;
    if (!algorithms.includes(alg)) throw notConfigured(alg, algorithms);
    const { clockSkew } = policy;
    const { kid } = activeKey(keysets.get(alg)!, { now: now(), clockSkew });
    const failure = this.#cache.failure(kid);
    if (failure !== undefined) throw failure;
    return this.#cache.get(kid);
  }

  #describe(keysets: Keysets): KeyringView {
    const { jwks, keys, epochs, nextAt } = this.#currentView(keysets);
    const { loadedAt = this.#options.now(), failure } = this.#view.peek() ?? {};
    const base = { jwks, keys, epochs, nextAt, loadedAt };
    return failure === undefined ? base : { ...base, problem: describeProblem(failure) };
  }

  // Remade only when the records change or a key changes its state: the JWKS route asks often.
  #currentView(keysets: Keysets): KeysetsView {
    const { algorithms: order, policy, x5c } = this.#options;
    const now = this.#options.now();
    const held = this.#described;
    if (held?.keysets === keysets && now >= held.view.validFrom && now < held.view.validUntil) {
      return held.view;
    }
    const view = describeKeysets(keysets, { order, now, policy, x5c });
    this.#described = { keysets, view };
    return view;
  }

  // What the JWKS held is right for as long as no unknown key signs: a lead.
  #lastGood(error: unknown): Keysets {
    const held = this.#view.peek();
    const { now, policy } = this.#options;
    if (held === undefined || now() - held.loadedAt >= policy.lead) throw error;
    return held.value;
  }

  // Where no cron runs, whoever reads the keys does what is due, without making callers wait.
  // Resealing is left to an explicit call: while two releases disagree about the first
  // key-encryption key, every reload would undo the other's.
  #maintainInBackground(keysets: Keysets): void {
    const { policy, now, onEvent } = this.#options;
    const due = this.#configured(keysets)
      .some((record) => isDue(planRotation(record, { now: now(), policy })));
    if (!due || this.#background !== undefined) return;
    this.#background = this.#changes.maintain({ reseal: false })
      .catch((error) => onEvent({ type: "maintain_failed", error }))
      .finally(() => this.#background = undefined);
  }
}
