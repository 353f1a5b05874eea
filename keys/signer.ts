import type { Algorithm } from "./algorithm.ts";

/** Makes signatures with one private key. */
export interface Signer {
  /** The JWS signature (RFC 7515 §5.1, step 5) of these bytes. */
  sign(input: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Lets go of the private key; {@link sign} must not be called any more. */
  forget(): void;
}

/** A private key to sign with. */
export interface PrivateKey {
  /** What it signs with. */
  readonly alg: Algorithm;
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** PKCS #8 (RFC 5208), DER. */
  readonly pkcs8: Uint8Array;
}

/** Turns private keys into signers that share bounds and one pool of workers. */
export interface Signers extends AsyncDisposable {
  /** Imports a key once, for many signatures. */
  importKey(key: PrivateKey): Promise<Signer>;
}
