import { createHash } from "node:crypto";

/** Base64 SHA-256 of a text, as Content Security Policy and `integrity` write it. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
