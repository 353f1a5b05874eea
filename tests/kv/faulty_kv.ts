import type { Kv, KvAtomic } from "../../kv/kv.ts";

/** What goes wrong next in a {@link faultyKv}. */
export interface Faults {
  /** How many calls fail with SQLite's lock error. */
  locked: number;
  /** How many commits are applied while the client sees a failed check, as after a lost reply. */
  dropReply: number;
  /** How many commits are applied while the caller sees an error. */
  failAfterCommit: number;
  /** Calls never settle while true. */
  hanging: boolean;
  /** Calls are carried out and their replies held back while true. */
  slowReplies: boolean;
  /** What every call throws while set. */
  error: Error | undefined;
  /** How many calls reached the store. */
  calls: number;
}

/** A {@link Kv} around another that fails as told. */
export function faultyKv(kv: Kv): { kv: Kv; faults: Faults; release: () => void } {
  const faults: Faults = {
    locked: 0,
    dropReply: 0,
    failAfterCommit: 0,
    hanging: false,
    slowReplies: false,
    error: undefined,
    calls: 0,
  };
  const hung: (() => void)[] = [];
  async function pass<T>(call: () => Promise<T>): Promise<T> {
    faults.calls++;
    if (faults.hanging) await new Promise<void>((resolve) => hung.push(resolve));
    if (faults.error) throw faults.error;
    if (faults.locked > 0) {
      faults.locked--;
      throw new TypeError("database is locked");
    }
    const isSlow = faults.slowReplies;
    const reply = await call();
    if (isSlow) await new Promise<void>((resolve) => hung.push(resolve));
    return reply;
  }
  function wrap(operation: KvAtomic): KvAtomic {
    const wrapped: KvAtomic = {
      check: (...checks) => (operation.check(...checks), wrapped),
      set: (key, value, options) => (operation.set(key, value, options), wrapped),
      delete: (key) => (operation.delete(key), wrapped),
      commit: () =>
        pass(async () => {
          const result = await operation.commit();
          if (result.ok && faults.dropReply > 0) {
            faults.dropReply--;
            return { ok: false };
          }
          if (result.ok && faults.failAfterCommit > 0) {
            faults.failAfterCommit--;
            throw new Error("connection reset");
          }
          return result;
        }),
    };
    return wrapped;
  }
  const wrapped: Kv = {
    get: (key) => pass(() => kv.get(key)),
    getMany: (keys) => pass(() => kv.getMany(keys)),
    list: (selector, options) => kv.list(selector, options),
    atomic: () => wrap(kv.atomic()),
    close: () => kv.close(),
  };
  return { kv: wrapped, faults, release: () => hung.splice(0).forEach((resolve) => resolve()) };
}
