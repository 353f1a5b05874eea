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
  /** Seals a generated key, with a certificate where one is asked for. */
  seal(alg: Algorithm, generated: GeneratedKey): Promise<FreshKey>;
  /** Seals a stored key under the first key-encryption key, as a generated one. */
  reseal(alg: Algorithm, key: KeyRecord): Promise<KeyRecord>;
  /** Lets go of everything. */
  clear(): void;
}

/** Options of {@link createKeyCache}. */
export interface KeyCacheOptions {
  readonly issuer: string;
  readonly sealer: Promise<Sealer>;
  readonly signers: Signers;
  /** Whether RS256 keys get a certificate. */
  readonly x5c: boolean;
}

/** Makes a {@link KeyCache}. */
export function createKeyCache(options: KeyCacheOptions): KeyCache {
  return new Cache(options);
}

interface Wanted {
  readonly alg: Algorithm;
  readonly key: KeyRecord;
}

class Cache implements KeyCache {
  readonly #options: KeyCacheOptions;
  readonly #opened = new Map<string, { key: SigningKey; signer: Signer }>();
  readonly #failures = new Map<string, unknown>();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #latest = new Map<Algorithm, KeysetRecord>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  async prepare(records: readonly KeysetRecord[]): Promise<void> {
    for (const record of records) {
      // A load that began before a change may end after it: it must not forget the new keys.
      const known = this.#latest.get(record.alg);
      if (known === undefined || known.epoch < record.epoch) this.#latest.set(record.alg, record);
    }
    this.#forgetUnwanted();
    await Promise.all(this.#wanted().map((wanted) => this.#openOnce(wanted)));
    // What was opened meanwhile for an older record may be revoked by now.
    this.#forgetUnwanted();
  }

  get(kid: string): SigningKey | undefined {
    return this.#opened.get(kid)?.key;
  }

  failure(kid: string): unknown {
    return this.#failures.get(kid);
  }

  async seal(alg: Algorithm, { kid, publicKey, privateKey }: GeneratedKey): Promise<FreshKey> {
    const sealer = await this.#options.sealer;
    const sealed = await sealer.seal(this.#context(alg, kid), privateKey);
    return { kid, publicKey, sealed, ...await this.#certificate(alg, { kid, pkcs8: privateKey }) };
  }

  async reseal(alg: Algorithm, key: KeyRecord): Promise<KeyRecord> {
    if (key.sealed === null) return key;
    const sealer = await this.#options.sealer;
    const context = this.#context(alg, key.kid);
    const pkcs8 = await sealer.open(context, key.sealed);
    const sealed = await sealer.seal(context, pkcs8);
    return { ...key, sealed, ...await this.#certificate(alg, { kid: key.kid, pkcs8 }) };
  }

  clear(): void {
    this.#latest.clear();
    this.#forgetUnwanted();
  }

  #wanted(): Wanted[] {
    return [...this.#latest.values()].flatMap(({ alg, keys }) =>
      keys.filter(({ sealed }) => sealed !== null).map((key) => ({ alg, key }))
    );
  }

  async #openOnce({ alg, key }: Wanted): Promise<void> {
    const { kid, notBefore } = key;
    if (!this.#opened.has(kid)) {
      const opening = this.#opening.get(kid) ??
        this.#open({ alg, key }).finally(() => this.#opening.delete(kid));
      this.#opening.set(kid, opening);
      await opening;
    }
    const opened = this.#opened.get(kid);
    // A rotation may have brought the key's turn forward.
    if (opened !== undefined && opened.key.notBefore !== notBefore) {
      this.#opened.set(kid, { ...opened, key: { ...opened.key, notBefore } });
    }
  }

  async #open({ alg, key: { kid, notBefore, sealed } }: Wanted): Promise<void> {
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

  #forgetUnwanted(): void {
    const wanted = new Set(this.#wanted().map(({ key }) => key.kid));
    for (const [kid, { signer }] of this.#opened) {
      if (wanted.has(kid)) continue;
      this.#opened.delete(kid);
      signer.forget();
    }
    for (const kid of this.#failures.keys()) if (!wanted.has(kid)) this.#failures.delete(kid);
  }

  // Loaded where a certificate is made only: few relying parties want one.
  async #certificate(
    alg: Algorithm,
    key: { kid: string; pkcs8: Uint8Array },
  ): Promise<Pick<KeyRecord, "certificate">> {
    if (!this.#options.x5c || alg !== "RS256") return {};
    const { selfSignedCertificate } = await import("./self_signed_certificate.ts");
    return { certificate: selfSignedCertificate(key) };
  }

  #context(alg: Algorithm, kid: string): SealContext {
    return { issuer: this.#options.issuer, kid, purpose: `sign:${alg}` };
  }
}
