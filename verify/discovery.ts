import { fetchJson, type FetchJsonOptions } from "./fetch_json.ts";
import { isLoopback } from "./is_loopback.ts";
import { discoveryUrl } from "./issuer_url.ts";

/** What {@linkcode discoverJwksUrl} needs besides the network. */
export interface DiscoveryOptions extends FetchJsonOptions {
  /** The issuer, as its discovery document must spell it. */
  readonly issuer: string;
  /** Hosts (with port, where one is written) that may serve the keys besides the issuer's own. */
  readonly jwksHosts?: readonly string[];
}

/**
 * Finds an issuer's key set by its discovery document (OpenID Connect Discovery §4.3): the
 * document's `issuer` must equal the configured one byte for byte, and its `jwks_uri` must lie on
 * the same host or on one that is configured (security threat 37). Nothing else of it is believed.
 *
 * @throws {Error} with the reason.
 */
export async function discoverJwksUrl(options: DiscoveryOptions): Promise<URL> {
  const { issuer, jwksHosts = [] } = options;
  const { document } = await fetchJson(discoveryUrl(issuer), options);
  if (document["issuer"] !== issuer) {
    throw new Error(`Cannot trust discovery of ${issuer}: it names another issuer`);
  }
  const jwksUri = document["jwks_uri"];
  if (typeof jwksUri !== "string" || !URL.canParse(jwksUri)) {
    throw new Error(`Cannot trust discovery of ${issuer}: it has no jwks_uri`);
  }
  const url = new URL(jwksUri), own = new URL(issuer);
  if (url.host !== own.host && !jwksHosts.includes(url.host)) {
    throw new Error(`Cannot trust discovery of ${issuer}: its keys are on another host`);
  }
  const secure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  if (!secure || url.username !== "" || url.password !== "") {
    throw new Error(`Cannot trust discovery of ${issuer}: its jwks_uri is not plain https`);
  }
  return url;
}
