import { type KeyObject, sign } from "node:crypto";
import { lazyPrivateKey } from "./lazy_private_key.ts";
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
  // Parsed with the first signature: a spare key makes none for weeks.
  let open: (() => KeyObject) | undefined = lazyPrivateKey(pkcs8);
  const digest = alg === "EdDSA" ? null : "sha256";
  return {
    sign(input) {
      if (open === undefined) throw revokedMeanwhile(kid);
      const key = open();
      if (alg !== "ES256") return sign(digest, input, key);
      const signature = sign(digest, input, { key, dsaEncoding: "ieee-p1363" });
      // Deno 2.5 writes DER whatever it is asked for.
      return signature.length === ecdsaBytes ? signature : undefined;
    },
    forget: () => open = undefined,
  };
}
