import { decodeBase64Url } from "@std/encoding/base64url";
import { toBase64Url } from "./base64url.ts";

/** How many bytes a key-encryption key has (AES-256). */
const KEY_BYTES = 32;

/**
 * Reads key-encryption keys from text: each 32 bytes in base64url (RFC 4648 §5, no padding),
 * separated by commas. The first seals; all of them open.
 *
 * Throws a TypeError that names every fault by position and never repeats the text.
 */
export function parseKeyEncryptionKeys(text: string): readonly Uint8Array[] {
  const parts = text.split(",").map((part) => part.trim());
  const faults = parts.map((part, index) => faultOf(part, parts.indexOf(part) < index));
  const named = faults.flatMap((fault, index) =>
    fault === null ? [] : [`key-encryption key ${index + 1} of ${parts.length} ${fault}`]
  );
  if (named.length > 0) {
    throw new TypeError(
      `Cannot read the key-encryption keys: ${named.join("; ")}. ` +
        "Make one with: openssl rand -base64 32 | tr '+/' '-_' | tr -d '='",
    );
  }
  return parts.map((part) => decodeBase64Url(part));
}

function faultOf(part: string, isRepeated: boolean): string | null {
  if (part === "") return "is empty";
  if (/[+/=]/.test(part)) return "is in standard base64, and base64url without padding is expected";
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return "holds characters that are not base64url";
  const bytes = decode(part);
  if (bytes === null) return "is not whole base64url";
  if (bytes.length !== KEY_BYTES) return `has ${bytes.length} bytes, and ${KEY_BYTES} are expected`;
  if (toBase64Url(bytes) !== part) return "is not canonical base64url";
  if (bytes.every((byte) => byte === bytes[0])) return "is one byte repeated, not a random key";
  return isRepeated ? "is the same as one before it" : null;
}

function decode(part: string): Uint8Array | null {
  try {
    return decodeBase64Url(part);
  } catch {
    return null;
  }
}
