import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { KeyringError } from "./errors.ts";
import type { PrivateKey } from "./signer.ts";

/** Signs at once, on the calling thread, by `node:crypto`. */
export interface ThreadSigner {
  /** The JWS signature; undefined where this platform writes it in another form. */
  sign(input: Uint8Array): Uint8Array | undefined;
  /** Lets go of the private key. */
  forget(): void;
}

const ecdsaBytes = 64;

/** Makes a {@linkcode ThreadSigner}. */
export function threadSigner({ alg, kid, pkcs8 }: PrivateKey): ThreadSigner {
  const der = Buffer.from(pkcs8);
  let key: KeyObject | undefined = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const digest = alg === "EdDSA" ? null : "sha256";
  return {
    sign(input) {
      if (key === undefined) throw revoked(kid);
      if (alg !== "ES256") return sign(digest, input, key);
      const signature = sign(digest, input, { key, dsaEncoding: "ieee-p1363" });
      // Deno 2.5 writes DER whatever it is asked for.
      return signature.length === ecdsaBytes ? signature : undefined;
    },
    forget: () => key = undefined,
  };
}

/** The failure of signing with a key that was let go of meanwhile. */
export function revoked(kid: string): KeyringError {
  return new KeyringError(
    "key_revoked",
    `Cannot sign with ${kid}: it was revoked meanwhile; ask for the signing key again`,
  );
}
