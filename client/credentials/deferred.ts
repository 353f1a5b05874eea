import type { Refreshing } from "./refreshing.ts";

/** A held value whose code is loaded on first use: importing a helper must cost next to nothing. */
export function deferred<T>(load: () => Promise<Refreshing<T>>): Refreshing<T> {
  let loaded: Refreshing<T> | undefined;
  let loading: Promise<Refreshing<T>> | undefined;
  const ready = async () => {
    try {
      return loaded = await load();
    } finally {
      loading = undefined;
    }
  };
  return {
    get: async (signal) => await (loaded ?? await (loading ??= ready())).get(signal),
    clear: () => loaded?.clear(),
  };
}
