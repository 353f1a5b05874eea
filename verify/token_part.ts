import { decodeBase64url } from "./base64url.ts";
import { TokenVerificationError } from "./errors.ts";
import { isJsonObject, type JsonObject, parseStrictJson } from "./strict_json.ts";

/** A part of a token as the JSON object that it encodes. @throws {TokenVerificationError} `token_malformed`. */
export function objectFrom(part: string, name: "header" | "payload"): JsonObject {
  const bytes = decodeBase64url(part);
  if (bytes === undefined) throw malformed(`its ${name} is not canonical base64url`);
  const value = parseOrRefuse(bytes, name);
  if (!isJsonObject(value)) throw malformed(`its ${name} is not a JSON object`);
  return value;
}

function parseOrRefuse(bytes: Uint8Array, name: string): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    throw malformed(`its ${name} is not strict JSON`, cause);
  }
}

/** The error for a token whose form is wrong. */
export function malformed(state: string, cause?: unknown): TokenVerificationError {
  return new TokenVerificationError("token_malformed", state, { cause });
}
