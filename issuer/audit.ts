import { encodeHex } from "@std/encoding/hex";
import type { KvKey } from "../kv/kv.ts";
import type { ReliableKv } from "../kv/reliable_kv.ts";
import type { AuditEvent, StoredAuditEvent } from "./audit_event.ts";
import { type AuditPage, type AuditQuery, readAuditPage, timeOrder } from "./audit_page.ts";

/** How long an admin change is kept: 400 days, so that a yearly review finds all of it. */
export const auditRetention = 400 * 24 * 3600 * 1000;

/** A KV write, as a commit takes it. */
export interface AuditSet {
  readonly key: KvKey;
  readonly value: StoredAuditEvent;
  readonly expireIn: number;
}

/** The log of admin changes. */
export interface AuditLog {
  /** The KV write of an event, to be committed together with the change it tells of. */
  set(event: AuditEvent): AuditSet;
  /**
   * Carries out a change that is committed elsewhere. Its event is written before, as `started`, and
   * completed with the outcome after: a crash in between leaves no change untold.
   */
  around<T>(event: AuditEvent, change: () => Promise<T>): Promise<T>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditPage>;
}

/** Keeps admin changes in the KV, in the order in which this isolate made them. */
export function createAuditLog(options: {
  kv: ReliableKv;
  prefix: KvKey;
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
}): AuditLog {
  const { kv, now, randomBytes } = options;
  const prefix = [...options.prefix, "audit"];
  let last = 0;
  let sequence = 0;

  function set(event: AuditEvent): AuditSet {
    const at = now();
    sequence = at === last ? sequence + 1 : 0;
    last = at;
    const order = timeOrder(at) + sequence.toString(36).padStart(4, "0");
    const id = `${order}-${encodeHex(randomBytes(6))}`;
    return { key: [...prefix, id], value: { id, at, ...event }, expireIn: auditRetention };
  }

  return {
    set,
    async around(event, change) {
      const started = set({ ...event, outcome: "started" });
      await kv.commit({ sets: [started] });
      const complete = (outcome: "done" | "failed", after?: unknown) =>
        kv.commit({ sets: [{ ...started, value: { ...started.value, outcome, after } }] });
      try {
        const after = await change();
        // The change is made and told of; that its outcome is missing is no reason to say otherwise.
        await complete("done", after).catch(() => {});
        return after;
      } catch (error) {
        await complete("failed").catch(() => {});
        throw error;
      }
    },
    list: (query) => readAuditPage(kv, { prefix, ...query }),
  };
}
