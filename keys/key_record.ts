import type { Algorithm } from "./algorithm.ts";
import { KeyringError } from "./errors.ts";
import type { SealedKey } from "./seal.ts";

/** The public members of a JWK: RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2. */
export interface PublicKeyMembers {
  /** Key type: `RSA`, `EC` or `OKP`. */
  readonly kty: string;
  /** Modulus (RSA), base64url. */
  readonly n?: string;
  /** Public exponent (RSA), base64url. */
  readonly e?: string;
  /** Curve: `P-256` or `Ed25519`. */
  readonly crv?: string;
  /** X coordinate (EC) or public key (OKP), base64url. */
  readonly x?: string;
  /** Y coordinate (EC), base64url. */
  readonly y?: string;
}

/** One key as stored. Times are ms since the epoch; those it signs between are whole seconds. */
export interface KeyRecord {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicKey: PublicKeyMembers;
  /** When it entered the JWKS. */
  readonly publishedAt: number;
  /** From when on it signs. */
  readonly notBefore: number;
  /** When its successor takes over; null while no successor is planned. */
  readonly retireAt: number | null;
  /** When it leaves the JWKS; null while no successor is planned. */
  readonly removeAt: number | null;
  /** When it was found out to be compromised; it is a tombstone from then on. */
  readonly compromisedAt: number | null;
  /** The private half; null once destroyed. */
  readonly sealed: SealedKey | null;
  /** Self-signed X.509 certificate of an RS256 key, as `x5c` holds it; only where one is asked for. */
  readonly certificate?: string;
  /** Set on a first boot's active key, which had no lead. */
  readonly bootstrap?: true;
  /** Set on a key that replaced a compromised one at once. */
  readonly emergency?: true;
}

/** The keys of one algorithm: one record, changed as a whole by one compare-and-swap. */
export interface KeysetRecord {
  readonly version: 1;
  readonly issuer: string;
  readonly alg: Algorithm;
  /** One more with every change. */
  readonly epoch: number;
  /** Random per change: tells a writer whether a commit was its own. */
  readonly writeId: string;
  /** The latest wall clock of any writer. */
  readonly lastSeenTime: number;
  readonly keys: readonly KeyRecord[];
}

/** Reads a stored value as a {@link KeysetRecord}; throws {@link KeyringError}. */
export function parseKeysetRecord(
  value: unknown,
  { issuer, alg }: { issuer: string; alg: Algorithm },
): KeysetRecord {
  const record = value as Partial<KeysetRecord> | null;
  if (typeof record !== "object" || record === null) throw invalid(alg);
  if (record.version !== 1) {
    throw new KeyringError(
      "keyset_version_unknown",
      `Cannot use the ${alg} keyset: its version is ${JSON.stringify(record.version)}, ` +
        "and this release knows 1; deploy the release that wrote it",
    );
  }
  if (record.issuer !== issuer) {
    throw new KeyringError(
      "keyset_issuer_mismatch",
      `Cannot use the ${alg} keyset: it belongs to ${JSON.stringify(record.issuer)} and not to ` +
        `${JSON.stringify(issuer)}; set the issuer URL right or use another KV store`,
    );
  }
  if (record.alg !== alg || !isWellFormed(record)) throw invalid(alg);
  return record as KeysetRecord;
}

function isWellFormed({ epoch, writeId, lastSeenTime, keys }: Partial<KeysetRecord>): boolean {
  return Number.isSafeInteger(epoch) && typeof writeId === "string" && isTime(lastSeenTime) &&
    Array.isArray(keys) && keys.length > 0 && keys.every(isKeyRecord);
}

function isKeyRecord(key: Partial<KeyRecord>): boolean {
  return typeof key?.kid === "string" && typeof key.publicKey?.kty === "string" &&
    isTime(key.publishedAt) && isTime(key.notBefore) &&
    [key.retireAt, key.removeAt, key.compromisedAt].every((time) =>
      time === null || isTime(time)
    ) &&
    (key.certificate === undefined || typeof key.certificate === "string") &&
    (key.sealed === null || isSealed(key.sealed));
}

function isSealed(sealed: Partial<SealedKey> | undefined): boolean {
  return typeof sealed?.kekId === "string" && typeof sealed.iv === "string" &&
    typeof sealed.ciphertext === "string";
}

function isTime(time: unknown): boolean {
  return Number.isSafeInteger(time);
}

function invalid(alg: Algorithm): KeyringError {
  return new KeyringError(
    "keyset_invalid",
    `Cannot use the ${alg} keyset: the stored record is damaged; restore it from a backup`,
  );
}
