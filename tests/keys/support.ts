import type { Kv } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { reliableKv } from "../../kv/reliable_kv.ts";
import { createKeyring, type Keyring } from "../../keys/keyring.ts";
import type { KeyringEvent, KeyringOptions } from "../../keys/keyring_options.ts";
import type { KeysetRecord } from "../../keys/key_record.ts";
import { storedValue } from "../_support/stored_value.ts";
import { faultyKv } from "../kv/faulty_kv.ts";

export const ISSUER = "https://id.example.test";
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A clock that moves when told. It starts between two seconds, as clocks do. */
export function fakeClock(start = 1_800_000_000_123) {
  const clock = { ms: start, now: () => clock.ms, advance: (ms: number) => clock.ms += ms };
  return clock;
}

/** One store, one clock, and keyrings on them as separate isolates would have. */
export function setUp(options: Partial<KeyringOptions> = {}) {
  const clock = fakeClock();
  const raw = memoryKv({ now: clock.now });
  const { kv, faults, release } = faultyKv(raw);
  const events: KeyringEvent[] = [];
  const isolate = (more: Partial<KeyringOptions> = {}): Keyring =>
    createKeyring({
      issuer: ISSUER,
      kv: instant(kv),
      algorithms: ["EdDSA"],
      keyEncryptionKeys: [KEK_A],
      now: clock.now,
      onEvent: (event) => events.push(event),
      ...options,
      ...more,
    });
  const record = async (alg = "EdDSA") =>
    await storedValue(raw, [...(options.prefix ?? []), "keyset", alg]) as KeysetRecord;
  return { clock, raw, kv, faults, release, events, isolate, record };
}

/** A reliable KV whose jitter takes no time and whose deadline passes at once while it hangs. */
export function instant(kv: Kv) {
  const sleep = (ms: number, signal: AbortSignal) =>
    ms < 1_000 ? Promise.resolve() : new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 20);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve()));
    });
  return reliableKv(kv, { sleep });
}

export const KEK_A: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => i);
export const KEK_B: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);

/** Waits until what runs in the background of a fake clock has come to rest. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}
