import type { KvKey } from "../../kv/kv.ts";
import type { ReliableKv } from "../../kv/reliable_kv.ts";
import { createView } from "../../kv/view.ts";
import { andThen, type Eventual } from "../eventual.ts";

/**
 * Values read from the KV that hold until somebody writes. Every admin write also changes one
 * marker record, which each isolate polls (kv/view.ts); while it is the same, a cached value is
 * current and costs no KV call.
 */
export interface ChangeCache {
  /** The value of `name`; synchronous while current, else loaded once for all who ask. */
  get<T>(name: string, load: () => Promise<T>): Eventual<T>;
  /** Takes over what this isolate wrote itself, so that it is in force here at once. */
  set(name: string, value: unknown): void;
  /** Forgets every value. */
  clear(): void;
}

interface CachedValue {
  readonly value: unknown;
  readonly marker: string | null;
}

/** Makes a cache of at most `max` values, the longest unused of which go first. */
export function createChangeCache(options: {
  kv: ReliableKv;
  markerKey: KvKey;
  now: () => number;
  max: number;
}): ChangeCache {
  const { kv, markerKey, max } = options;
  const values = new Map<string, CachedValue>();
  const loads = new Map<string, Promise<unknown>>();
  const marker = createView<{ versionstamp: string | null }>({
    load: async () => ({ versionstamp: (await kv.read([markerKey]))[0]!.versionstamp }),
    now: options.now,
  });

  function remember<T>(name: string, entry: { value: T; marker: string | null }): T {
    values.delete(name);
    values.set(name, entry);
    if (values.size > max) values.delete(values.keys().next().value!);
    return entry.value;
  }

  function current<T>(
    name: string,
    { load, marker }: { load: () => Promise<T>; marker: string | null },
  ): Eventual<T> {
    const known = values.get(name);
    if (known && known.marker === marker) return known.value as T;
    const pending = loads.get(name) as Promise<T> | undefined;
    if (pending) return pending;
    // Tagged with the marker as it was before the load: what is read is at least as new.
    const loading = load().then((value) => {
      if (loads.get(name) === loading) remember(name, { value, marker });
      return value;
    }).finally(() => {
      if (loads.get(name) === loading) loads.delete(name);
    });
    loads.set(name, loading);
    return loading;
  }

  return {
    get(name, load) {
      return andThen(
        marker.get(),
        ({ versionstamp }) => current(name, { load, marker: versionstamp }),
      );
    },
    set(name, value) {
      // A load under way may have read what was there before.
      loads.delete(name);
      remember(name, { value, marker: marker.peek()?.value.versionstamp ?? null });
    },
    clear() {
      loads.clear();
      values.clear();
    },
  };
}
