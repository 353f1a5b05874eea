import { decodeAscii, decodeBase64url } from "./base64url.ts";
import { TokenVerificationError } from "./errors.ts";
import { isJsonObject, type JsonObject, parseStrictAscii, parseStrictJson } from "./strict_json.ts";

/** A part of a token as the JSON object that it encodes. @throws {TokenVerificationError} `token_malformed`. */
export function objectFrom(part: string, name: "header" | "payload"): JsonObject {
  const document = decodeAscii(part) ?? decodeBase64url(part);
  if (document === undefined) throw malformed(`its ${name} is not canonical base64url`);
  const value = parseOrRefuse(document, name);
  if (!isJsonObject(value)) throw malformed(`its ${name} is not a JSON object`);
  return value;
}

function parseOrRefuse(document: Uint8Array | string, name: string): unknown {
  try {
    return typeof document === "string" ? parseStrictAscii(document) : parseStrictJson(document);
  } catch (cause) {
    throw malformed(`its ${name} is not strict JSON`, cause);
  }
}

/** The error for a token whose form is wrong. */
export function malformed(state: string, cause?: unknown): TokenVerificationError {
  return new TokenVerificationError("token_malformed", state, { cause });
}
