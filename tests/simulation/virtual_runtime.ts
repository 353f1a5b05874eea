import { createHash } from "node:crypto";
import type { Scheduler } from "./scheduler.ts";

type Bytes = ArrayBuffer | ArrayBufferView;
interface ToyKey {
  readonly secret: Uint8Array;
}
interface ToyCipher {
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

/**
 * Puts what the real code takes from the runtime under the scheduler: timers, the clock, jitter, and
 * the calls of WebCrypto that it seals with, which end at a seeded moment. The cipher is a toy that
 * still refuses another key, another context or an altered text. Returns what undoes it.
 */
export function virtualRuntime(scheduler: Scheduler): () => void {
  const { random } = scheduler;
  const later = async <T>(result: () => T): Promise<T> => {
    await scheduler.sleep(random.int(0, 3), { process: scheduler.current, name: "sealing" });
    return result();
  };
  const timers = new Map<number, () => void>();
  let lastTimer = 0;
  const undo = [
    replace(globalThis, "setTimeout", (run: () => void, ms = 0) => {
      const id = ++lastTimer;
      timers.set(
        id,
        scheduler.at(scheduler.now + ms, run, { process: scheduler.current, name: "timer" }),
      );
      return id;
    }),
    replace(globalThis, "clearTimeout", (id: number) => {
      timers.get(id)?.();
      timers.delete(id);
    }),
    replace(Date, "now", () => scheduler.now + (scheduler.current?.skew ?? 0)),
    replace(Math, "random", () => random.next()),
    replace(
      crypto.subtle,
      "importKey",
      (_: string, secret: Bytes) => later(() => ({ secret: sha256(secret) })),
    ),
    replace(
      crypto.subtle,
      "digest",
      (_: string, data: Bytes) => later(() => sha256(data).slice().buffer),
    ),
    replace(
      crypto.subtle,
      "encrypt",
      (cipher: ToyCipher, key: ToyKey, data: Bytes) =>
        later(() => new Uint8Array([...tagOf(cipher, { key, data }), ...asBytes(data)]).buffer),
    ),
    replace(
      crypto.subtle,
      "decrypt",
      (cipher: ToyCipher, key: ToyKey, sealed: Bytes) =>
        later(() => {
          const bytes = asBytes(sealed);
          const data = bytes.slice(32);
          const tag = tagOf(cipher, { key, data });
          if (!tag.every((byte, index) => byte === bytes[index])) {
            throw new DOMException("Decryption failed", "OperationError");
          }
          return data.buffer;
        }),
    ),
  ];
  return () => undo.reverse().forEach((step) => step());
}

function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) delete (target as Record<string, unknown>)[name];
    else Object.defineProperty(target, name, before);
  };
}

function tagOf(
  { iv, additionalData }: ToyCipher,
  { key, data }: { key: ToyKey; data: Bytes },
): Uint8Array {
  return sha256(key.secret, iv, additionalData, data);
}

function sha256(...parts: readonly Bytes[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(asBytes(part));
  return new Uint8Array(hash.digest());
}

function asBytes(data: Bytes): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
