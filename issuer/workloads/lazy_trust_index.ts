import type { createTrustIndex, TrustIndex } from "./trust_index.ts";

/** A trust index that is loaded, the presets with it, when the first rule is looked for. */
export function lazyTrustIndex(options: Parameters<typeof createTrustIndex>[0]): TrustIndex {
  let loading: Promise<TrustIndex> | undefined;
  const load = async () => (await import("./trust_index.ts")).createTrustIndex(options);
  const loaded = () => loading ??= load();
  return {
    candidates: async (claims) => await (await loaded()).candidates(claims),
    ofIssuer: async (issuer, limit) => await (await loaded()).ofIssuer(issuer, limit),
    changes: async (previous, next) => await (await loaded()).changes(previous, next),
  };
}
