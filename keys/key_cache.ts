import type { Algorithm } from "./algorithm.ts";
import type { FreshKey } from "./change_keyset.ts";
import type { GeneratedKey } from "./generate_key.ts";
import type { KeyRecord, KeysetRecord } from "./key_record.ts";
import type { SealContext, Sealer } from "./seal.ts";
import type { Signer, Signers } from "./signer.ts";
import { encodeHeader, type SigningKey } from "./sign_jwt.ts";

/** Private keys in use: each opened and imported once, and let go of when it is not needed. */
export interface KeyCache {
  /** Opens every private half that is stored and lets go of those that are not any more. */
  prepare(records: readonly KeysetRecord[]): Promise<void>;
  /** An opened key. */
  get(kid: string): SigningKey | undefined;
  /** Why a key could not be opened. */
  failure(kid: string): unknown;
  /** Seals a generated key. */
  seal(alg: Algorithm, generated: GeneratedKey): Promise<FreshKey>;
  /** Seals a stored key under the first key-encryption key. */
  reseal(alg: Algorithm, key: KeyRecord): Promise<KeyRecord>;
  /** Lets go of everything. */
  clear(): void;
}

/** Options of {@link createKeyCache}. */
export interface KeyCacheOptions {
  readonly issuer: string;
  readonly sealer: Promise<Sealer>;
  readonly signers: Signers;
}

/** Makes a {@link KeyCache}. */
export function createKeyCache(options: KeyCacheOptions): KeyCache {
  return new Cache(options);
}

class Cache implements KeyCache {
  readonly #options: KeyCacheOptions;
  readonly #opened = new Map<string, { key: SigningKey; signer: Signer }>();
  readonly #failures = new Map<string, unknown>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  async prepare(records: readonly KeysetRecord[]): Promise<void> {
    const stored = records.flatMap(({ alg, keys }) =>
      keys.filter(({ sealed }) => sealed !== null).map((key) => ({ alg, key }))
    );
    this.#forgetAllBut(new Set(stored.map(({ key }) => key.kid)));
    await Promise.all(stored.map(({ alg, key }) => this.#open(alg, key)));
  }

  get(kid: string): SigningKey | undefined {
    return this.#opened.get(kid)?.key;
  }

  failure(kid: string): unknown {
    return this.#failures.get(kid);
  }

  async seal(alg: Algorithm, { kid, publicKey, privateKey }: GeneratedKey): Promise<FreshKey> {
    const sealer = await this.#options.sealer;
    return { kid, publicKey, sealed: await sealer.seal(this.#context(alg, kid), privateKey) };
  }

  async reseal(alg: Algorithm, key: KeyRecord): Promise<KeyRecord> {
    if (key.sealed === null) return key;
    const sealer = await this.#options.sealer;
    const context = this.#context(alg, key.kid);
    return { ...key, sealed: await sealer.seal(context, await sealer.open(context, key.sealed)) };
  }

  clear(): void {
    this.#forgetAllBut(new Set());
  }

  async #open(alg: Algorithm, { kid, notBefore, sealed }: KeyRecord): Promise<void> {
    const opened = this.#opened.get(kid);
    if (opened !== undefined) {
      if (opened.key.notBefore === notBefore) return;
      // A rotation may have brought the key's turn forward.
      this.#opened.set(kid, { ...opened, key: { ...opened.key, notBefore } });
      return;
    }
    try {
      const sealer = await this.#options.sealer;
      const pkcs8 = await sealer.open(this.#context(alg, kid), sealed!);
      const signer = await this.#options.signers.importKey({ alg, kid, pkcs8 });
      const sign = (input: Uint8Array) => signer.sign(input);
      const key = { alg, kid, notBefore, header: encodeHeader({ alg, kid }), sign };
      this.#opened.set(kid, { key, signer });
      this.#failures.delete(kid);
    } catch (error) {
      this.#failures.set(kid, error);
    }
  }

  #forgetAllBut(kept: ReadonlySet<string>): void {
    for (const [kid, { signer }] of this.#opened) {
      if (kept.has(kid)) continue;
      this.#opened.delete(kid);
      signer.forget();
    }
    for (const kid of this.#failures.keys()) if (!kept.has(kid)) this.#failures.delete(kid);
  }

  #context(alg: Algorithm, kid: string): SealContext {
    return { issuer: this.#options.issuer, kid, purpose: `sign:${alg}` };
  }
}
