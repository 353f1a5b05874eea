import { encodeHex } from "@std/encoding/hex";
import type { KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import type { ReplayKey } from "./trust/replay_key.ts";

/** Remembers a proof; false when it was used before, on any isolate. */
export type UseOnce = (proof: ReplayKey) => Promise<boolean>;

interface UsedProof {
  readonly writeId: string;
  /** Milliseconds since the epoch; expiry in the KV is late (security.md §0.6). */
  readonly keepUntil: number;
}

/** One insert per proof, decided by compare-and-swap (hazard 2.6, threat 20). */
export function createUseOnce(options: {
  kv: ReliableKv;
  prefix: KvKey;
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
}): UseOnce {
  const { kv, prefix, now, randomBytes } = options;
  return async ({ key: digest, keepUntil }) => {
    const key = [...prefix, "used", digest];
    const writeId: string = encodeHex(randomBytes(8));
    const insert = (versionstamp: string | null) =>
      kv.commit({
        checks: [{ key, versionstamp }],
        sets: [{ key, value: { writeId, keepUntil }, expireIn: Math.max(keepUntil - now(), 1) }],
        witness: { key, writeId },
      });
    if (await insert(null)) return true;
    const [entry] = await kv.read([key]);
    const used = entry!.value as UsedProof | null;
    if (used !== null && used.keepUntil > now()) return false;
    return await insert(entry!.versionstamp);
  };
}
