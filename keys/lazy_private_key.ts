import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject } from "node:crypto";

/** A private key for `node:crypto`, parsed at the first call: that takes as long as a read of the store. */
export function lazyPrivateKey(pkcs8: Uint8Array): () => KeyObject {
  let key: KeyObject | undefined;
  return () => key ??= createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
}
