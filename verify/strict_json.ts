import { JsonReader } from "./json_reader.ts";

/** A value read by {@linkcode parseStrictJson}. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object without a prototype, so that `__proto__` and `constructor` are plain names. */
export interface JsonObject {
  /** Any member. */
  readonly [name: string]: JsonValue;
}

/** How large a document {@linkcode parseStrictJson} accepts. */
export interface StrictJsonLimits {
  /** Most levels of arrays and objects inside each other; default 16. */
  readonly maxDepth?: number;
  /** Most object members and array elements in the whole document; default 1,024. */
  readonly maxMembers?: number;
}

// One for all: between whole texts a decoder keeps nothing.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A document that is not strict JSON; the message names the fault and never quotes the document. */
export class StrictJsonError extends Error {
  /** Always `"StrictJsonError"`. */
  override readonly name = "StrictJsonError";
}

/**
 * Reads JSON (RFC 8259) under the rules of I-JSON (RFC 7493): valid UTF-8 without a byte order
 * mark, no name twice in an object, no unpaired surrogate, no number beyond a double, and bounded
 * depth and width (security threats 9, 12, 21, 22).
 *
 * @throws {StrictJsonError} when the bytes are anything else.
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits = {}): JsonValue {
  return parseText(decodeUtf8(bytes), limits);
}

/** As {@linkcode parseStrictJson}, from a text that is known to be ASCII. */
export function parseStrictAscii(text: string): JsonValue {
  return parseText(text, {});
}

function parseText(
  text: string,
  { maxDepth = 16, maxMembers = 1024 }: StrictJsonLimits,
): JsonValue {
  return new JsonReader(text, { maxDepth, maxMembers, fail }).document() as JsonValue;
}

/** Tells a JSON object from every other JSON value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return fail("is not valid UTF-8");
  }
}

function fail(state: string): never {
  throw new StrictJsonError(`Cannot read JSON: the document ${state}`);
}
