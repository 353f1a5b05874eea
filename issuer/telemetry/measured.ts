import type { Signers } from "../../keys/signer.ts";
import type { Kv, KvAtomic } from "../../kv/kv.ts";
import { andThen } from "../eventual.ts";
import type { Measurements } from "./measure_issuer.ts";

/** Milliseconds that only go forward. */
export type Stopwatch = () => number;

/** Signers whose signatures are timed. */
export function measuredSigners(
  signers: Signers,
  { signed, time }: Pick<Measurements, "signed"> & { time: Stopwatch },
): Signers {
  return {
    async importKey(key) {
      const signer = await signers.importKey(key);
      return {
        forget: () => signer.forget(),
        sign(input) {
          const started = time();
          return andThen(signer.sign(input), (signature) => {
            signed(time() - started);
            return signature;
          });
        },
      };
    },
    [Symbol.asyncDispose]: () => signers[Symbol.asyncDispose](),
  };
}

/** A KV whose calls are timed. */
export function measuredKv(
  kv: Kv,
  { kvCalled, time }: Pick<Measurements, "kvCalled"> & { time: Stopwatch },
): Kv {
  async function timed<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const started = time();
    let failed = true;
    try {
      const result = await call();
      failed = false;
      return result;
    } finally {
      kvCalled(time() - started, { operation, failed });
    }
  }
  function timedAtomic(operation: KvAtomic): KvAtomic {
    const timedOperation: KvAtomic = {
      check: (...checks) => (operation.check(...checks), timedOperation),
      set: (key, value, options) => (operation.set(key, value, options), timedOperation),
      delete: (key) => (operation.delete(key), timedOperation),
      commit: () => timed("commit", () => operation.commit()),
    };
    return timedOperation;
  }
  return {
    get: (key) => timed("read", () => kv.get(key)),
    getMany: (keys) => timed("read", () => kv.getMany(keys)),
    // A page is read as it is walked; its time is the walker's as well.
    list: (selector, options) => kv.list(selector, options),
    atomic: () => timedAtomic(kv.atomic()),
    close: () => kv.close(),
  };
}
