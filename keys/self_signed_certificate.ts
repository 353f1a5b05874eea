import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import { decodeBase64Url } from "@std/encoding/base64url";

// The signature and the public key's encoding are the runtime's; only the frame around them is
// written here. A certificate library would bring twenty packages into the room of private keys,
// and the runtimes make no certificates.

/** SEQUENCE { sha256WithRSAEncryption, NULL } (RFC 8017 appendix A.2.4). */
const SHA256_WITH_RSA = bytesOf("300d06092a864886f70d01010b0500");
/** Version 3 (RFC 5280 §4.1.2.1). */
const VERSION = bytesOf("a003020102");
/** From 1970 to "no well-defined expiration date" (RFC 5280 §4.1.2.5): the JWKS says how long. */
const VALIDITY = der(
  0x30,
  der(0x17, asciiOf("700101000000Z")),
  der(0x18, asciiOf("99991231235959Z")),
);
/** Critical key usage: digitalSignature alone (RFC 5280 §4.2.1.3). */
const EXTENSIONS = bytesOf("a3123010300e0603551d0f0101ff040403020780");
/** The object identifier of a common name. */
const COMMON_NAME = bytesOf("0603550403");

/**
 * A self-signed X.509 certificate (RFC 5280) of an RSA key, DER in base64 as `x5c` holds it
 * (RFC 7517 §4.7). It depends on nothing but the key, so that it is the same wherever it is made.
 */
export function selfSignedCertificate(
  { kid, pkcs8 }: { kid: string; pkcs8: Uint8Array },
): string {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" });
  const name = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, asciiOf(kid)))));
  const content = der(
    0x30,
    VERSION,
    serialOf(kid),
    SHA256_WITH_RSA,
    name,
    VALIDITY,
    name,
    publicKey,
    EXTENSIONS,
  );
  // PKCS #1 v1.5 has no randomness: the same content gives the same signature.
  const signature = sign("sha256", content, key);
  const bitString = der(0x03, Uint8Array.of(0), signature);
  return Buffer.from(der(0x30, content, SHA256_WITH_RSA, bitString)).toString("base64");
}

/** A positive INTEGER of 16 bytes from the thumbprint. */
function serialOf(kid: string): Uint8Array {
  const bytes = decodeBase64Url(kid).slice(0, 16);
  bytes[0] = bytes[0]! & 0x7f | 0x40;
  return der(0x02, bytes);
}

/** One element: tag, length, contents (X.690 §8.1, §10.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}

function asciiOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
