import { KvValueError } from "./errors.ts";
import type { KvKey } from "./kv.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A value as JSON in UTF-8 (RFC 8259). A store keeps bytes as they are, while it keeps objects in
 * the form of the JavaScript engine that wrote them, which an older engine may not read.
 *
 * @throws {TypeError} when JSON cannot say the value.
 */
export function encodeValue(value: unknown): Uint8Array {
  const text = JSON.stringify(value, onlyJson);
  if (text === undefined) throw notJson(typeof value);
  return encoder.encode(text);
}

/** Reads what {@link encodeValue} wrote; throws {@link KvValueError} for anything else. */
export function decodeValue(key: KvKey, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) throw unreadable(key, "it is not bytes");
  try {
    return JSON.parse(decoder.decode(value));
  } catch {
    // The parser's message quotes the value, so it is dropped.
    throw unreadable(key, "its bytes are not JSON");
  }
}

/** Reads from a store; a value that this engine cannot read at all is a {@link KvValueError} too. */
export async function readValues<T>(key: KvKey, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(key, "it or one read with it is in the form of a newer JavaScript engine");
  }
}

// JSON.stringify would write these as something else without a word.
function onlyJson(_: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw notJson(typeof value);
  if (typeof value === "number" && !Number.isFinite(value)) throw notJson(String(value));
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    throw notJson(value.constructor.name);
  }
  return value;
}

function notJson(kind: string): TypeError {
  return new TypeError(`Cannot write a value: JSON has no ${kind}; store a string in its place`);
}

function unreadable(key: KvKey, state: string): KvValueError {
  return new KvValueError(
    `Cannot read ${JSON.stringify(key)} in the KV store: ${state}; another program or another ` +
      "release wrote it: use a store or a prefix of Signet's own, or delete the entry",
  );
}
