import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { revokedMeanwhile } from "./keyring_errors.ts";
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
      if (key === undefined) throw revokedMeanwhile(kid);
      if (alg !== "ES256") return sign(digest, input, key);
      const signature = sign(digest, input, { key, dsaEncoding: "ieee-p1363" });
      // Deno 2.5 writes DER whatever it is asked for.
      return signature.length === ecdsaBytes ? signature : undefined;
    },
    forget: () => key = undefined,
  };
}
