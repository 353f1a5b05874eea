import { decodeValue, encodeValue } from "../../kv/encode_value.ts";
import type { Kv, KvKey } from "../../kv/kv.ts";

/** What an issuer stored at a key, or null: looks past the code under test, into the KV itself. */
export async function storedValue(kv: Kv, key: KvKey): Promise<unknown> {
  const { value, versionstamp } = await kv.get(key);
  return versionstamp === null ? null : decodeValue(key, value);
}

/** Puts a value where an issuer will read it. */
export async function storeValue(
  kv: Kv,
  { key, value }: { key: KvKey; value: unknown },
): Promise<void> {
  await kv.atomic().set(key, encodeValue(value)).commit();
}

/** Everything in the store as text, for looking for what must not be there. */
export async function storedText(kv: Kv): Promise<string> {
  const lines: string[] = [];
  for await (const { key, value } of kv.list({ prefix: [] })) {
    lines.push(JSON.stringify([key, decodeValue(key as KvKey, value)]));
  }
  return lines.join("\n");
}
