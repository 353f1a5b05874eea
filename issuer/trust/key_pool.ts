import { issuerKeys, staticKeys } from "../../verify/issuer_keys.ts";
import type { KeySource } from "../../verify/key_source.ts";
import { presetOfIssuer } from "./presets/find_preset.ts";
import type { TrustRule } from "./rule.ts";

/** How the pool reaches issuers. */
export interface KeyPoolOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly now: () => number;
  /** Throws to forbid a URL. */
  readonly checkUrl: (url: URL) => void | Promise<void>;
  /** Most issuers kept; default 200. */
  readonly maxIssuers?: number;
  /** Deadline of each request, milliseconds; default 5,000. */
  readonly timeoutMs?: number;
}

/** The keys of many issuers, each for itself. */
export interface KeyPool {
  /** The keys that vouch for a rule's tokens; the same source for rules that share it. */
  keysFor(rule: Pick<TrustRule, "issuer" | "jwks">): KeySource;
}

/** Keeps one cache of keys per issuer; past the bound the issuer used longest ago is forgotten. */
export function createKeyPool(options: KeyPoolOptions): KeyPool {
  const { maxIssuers = 200 } = options;
  const remote = new Map<string, KeySource>(), given = new WeakMap<object, KeySource>();

  function remoteKeys(issuer: string): KeySource {
    const known = remote.get(issuer);
    // Which hosts may serve keys depends on the issuer alone, never on what a rule claims to be.
    const jwksHosts = presetOfIssuer(issuer)?.jwksHosts ?? [];
    const keys = known ?? issuerKeys({ ...options, issuer, jwksHosts });
    remote.delete(issuer);
    remote.set(issuer, keys);
    if (remote.size > maxIssuers) remote.delete(remote.keys().next().value!);
    return keys;
  }

  return {
    keysFor({ issuer, jwks }) {
      if (jwks === undefined) return remoteKeys(issuer);
      const keys = given.get(jwks) ?? staticKeys(jwks);
      given.set(jwks, keys);
      return keys;
    },
  };
}
