import { decodeBase64Url } from "@std/encoding/base64url";
import { toBase64Url } from "./base64url.ts";
import { KeyringError } from "./errors.ts";

/** A private key encrypted with AES-256-GCM, as stored. */
export interface SealedKey {
  /** Which key-encryption key sealed it. */
  readonly kekId: string;
  /** Base64url, as the record is stored as JSON. */
  readonly iv: string;
  /** Ciphertext and tag, base64url. */
  readonly ciphertext: string;
}

/** What a sealed key is bound to; it opens with the same context only. */
export interface SealContext {
  readonly issuer: string;
  readonly kid: string;
  /** What the key is for, such as `sign:RS256`. */
  readonly purpose: string;
}

/** Seals and opens private keys. */
export interface Sealer {
  /** The id of the key that seals. */
  readonly keyId: string;
  seal(context: SealContext, bytes: Uint8Array): Promise<SealedKey>;
  /** Throws {@link KeyringError} `key_unseal_failed`. */
  open(context: SealContext, sealed: SealedKey): Promise<Uint8Array>;
}

/** Options of {@link createSealer}. */
export interface SealerOptions {
  /** 32 bytes each; the first seals, all open. None: the public development key, for loopback. */
  readonly keyEncryptionKeys: readonly Uint8Array[];
  readonly randomBytes: (length: number) => Uint8Array;
}

type KeyEncryptionKey = { readonly id: string; readonly key: CryptoKey };

const DEVELOPMENT_ID = "development";
const IV_BYTES = 12;

/** Imports the key-encryption keys. */
export async function createSealer(options: SealerOptions): Promise<Sealer> {
  const { keyEncryptionKeys, randomBytes } = options;
  const keys = keyEncryptionKeys.length > 0
    ? await Promise.all(keyEncryptionKeys.map(importKey))
    : [await developmentKey()];
  const [first] = keys;
  return {
    keyId: first!.id,
    seal: async (context, bytes) => {
      const iv = new Uint8Array(randomBytes(IV_BYTES));
      const ciphertext = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: encodeContext(context) },
        first!.key,
        new Uint8Array(bytes),
      );
      const sealed = toBase64Url(new Uint8Array(ciphertext));
      return { kekId: first!.id, iv: toBase64Url(iv), ciphertext: sealed };
    },
    open: async (context, sealed) => {
      const found = keys.find(({ id }) => id === sealed.kekId);
      if (found === undefined) throw unsealFailed({ context, sealed, keys });
      try {
        return await decrypt(context, { sealed, key: found.key });
      } catch (cause) {
        throw unsealFailed({ context, sealed, keys, cause });
      }
    },
  };
}

async function decrypt(
  context: SealContext,
  { sealed, key }: { sealed: SealedKey; key: CryptoKey },
): Promise<Uint8Array> {
  const [iv, ciphertext] = [decodeBase64Url(sealed.iv), decodeBase64Url(sealed.ciphertext)];
  const algorithm = { name: "AES-GCM", iv, additionalData: encodeContext(context) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ciphertext));
}

// A JSON array of strings reads back in one way only, whatever the parts contain.
function encodeContext({ issuer, kid, purpose }: SealContext): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(["signet sealed key 1", issuer, kid, purpose]));
}

async function importKey(bytes: Uint8Array): Promise<KeyEncryptionKey> {
  if (bytes.length !== 32) {
    throw new TypeError(`Cannot use a key-encryption key: it has ${bytes.length} bytes, not 32`);
  }
  const label = new TextEncoder().encode("signet key-encryption key id");
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...label, ...bytes]));
  const id = toBase64Url(new Uint8Array(digest).subarray(0, 8));
  return { id, key: await toAesKey(new Uint8Array(bytes)) };
}

// Publicly known: it keeps one code path for development and protects nothing.
async function developmentKey(): Promise<KeyEncryptionKey> {
  const text = new TextEncoder().encode("signet development key-encryption key");
  const bytes = await crypto.subtle.digest("SHA-256", text);
  return { id: DEVELOPMENT_ID, key: await toAesKey(bytes) };
}

function toAesKey(bytes: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function unsealFailed(failure: {
  context: SealContext;
  sealed: SealedKey;
  keys: readonly KeyEncryptionKey[];
  cause?: unknown;
}): KeyringError {
  const { context, sealed, keys, cause } = failure;
  const what = `Cannot open the private key ${context.kid} of ${context.issuer}`;
  const message = `${what}: ${unsealReason(sealed.kekId, { keys, tampered: cause !== undefined })}`;
  return new KeyringError("key_unseal_failed", message, cause === undefined ? {} : { cause });
}

function unsealReason(
  kekId: string,
  { keys, tampered }: { keys: readonly KeyEncryptionKey[]; tampered: boolean },
): string {
  if (tampered) {
    return `it does not open with key-encryption key ${kekId}: the record was altered or moved; ` +
      "restore it from a backup or revoke the key";
  }
  if (kekId === DEVELOPMENT_ID) {
    return "it is sealed with the public development key, as issuers on loopback do; use another " +
      "KV store for this issuer, or run it without SIGNET_KEY_ENCRYPTION_KEY on loopback";
  }
  const given = keys.map(({ id }) => id).filter((id) => id !== DEVELOPMENT_ID);
  return `it is sealed with key-encryption key ${kekId}, and SIGNET_KEY_ENCRYPTION_KEY ` +
    (given.length > 0 ? `holds ${given.join(", ")}; add the missing one` : "is not set; set it");
}
