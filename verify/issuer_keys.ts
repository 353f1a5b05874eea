import { discoverJwksUrl, type DiscoveryOptions } from "./discovery.ts";
import { fetchJson } from "./fetch_json.ts";
import { createJwksCache, type JwksCacheOptions, type LoadedKeys } from "./jwks_cache.ts";
import type { KeySource } from "./key_source.ts";
import { parseJwks, type PublicJwks } from "./parse_jwks.ts";

/** Where {@linkcode issuerKeys} looks, and the bounds of its cache. */
export interface IssuerKeysOptions extends DiscoveryOptions, Omit<JwksCacheOptions, "load"> {
  /** The key set's URL where it is configured; default: the one in the discovery document. */
  readonly jwksUri?: string;
  /** How long a discovered URL is used before discovery is repeated, milliseconds; default 3,600,000. */
  readonly discoveryMs?: number;
}

/** The keys of one issuer over the network, cached; the first `find` causes the first request. */
export function issuerKeys(options: IssuerKeysOptions): KeySource {
  const { jwksUri, discoveryMs = 3_600_000, now = Date.now } = options;
  let discovered: { url: URL; at: number } | undefined;

  async function locate(): Promise<URL> {
    if (jwksUri !== undefined) return new URL(jwksUri);
    const known = discovered;
    if (known && now() >= known.at && now() - known.at < discoveryMs) return known.url;
    const url = await discoverJwksUrl(options);
    discovered = { url, at: now() };
    return url;
  }

  async function load(): Promise<LoadedKeys> {
    const url = await locate();
    try {
      const { document, maxAgeMs } = await fetchJson(url, options);
      return { keys: parseJwks(document), maxAgeMs };
    } catch (error) {
      // The issuer may have moved its keys: look for them again at the next try.
      discovered = undefined;
      throw error;
    }
  }

  return createJwksCache({ ...options, load });
}

/**
 * Keys that are given once and for all, for an issuer that cannot be reached.
 *
 * @throws {TypeError} when none of them is usable.
 */
export function staticKeys(jwks: PublicJwks): KeySource {
  const keys = parseJwks(jwks);
  if (keys.size === 0) throw new TypeError("Cannot use key set: it has no usable key");
  return { find: (kid) => keys.get(kid) };
}
