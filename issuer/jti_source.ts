import { toBase64Url } from "../keys/base64url.ts";

const idBytes = 16;
/** Identifiers made of one call for random bytes, which costs the same for few bytes and many. */
const batch = 64;

/** Makes token identifiers (RFC 7519 §4.1.7) of 128 random bits. */
export function jtiSource(randomBytes: (length: number) => Uint8Array): () => string {
  let bytes = new Uint8Array(), at = 0;
  return () => {
    if (at === bytes.length) {
      bytes = new Uint8Array(randomBytes(idBytes * batch));
      at = 0;
    }
    return toBase64Url(bytes.subarray(at, at += idBytes));
  };
}
