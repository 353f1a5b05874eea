import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** A platform's issuer behind an injected fetch: discovery, keys, and tokens with any claims. */
export interface PlatformIssuer {
  readonly url: string;
  /** How often discovery or keys were asked for. */
  readonly requests: { count: number };
  /** Signs claims as they are; `iss` is the platform's unless given. */
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Platforms by URL, and the fetch that reaches them and nothing else. */
export interface PlatformNetwork {
  readonly fetch: typeof fetch;
  add(url: string): Promise<PlatformIssuer>;
  /** What was asked of hosts that are no platform's. */
  readonly strays: string[];
  /** Cuts every connection while true. */
  down: boolean;
}

/** A network of stand-ins for platforms. */
export function platformNetwork(): PlatformNetwork {
  const documents = new Map<string, { body: unknown; requests: { count: number } }>();
  const network: PlatformNetwork = {
    strays: [],
    down: false,
    fetch: (input) => {
      const url = input instanceof Request ? input.url : String(input);
      const document = documents.get(url);
      if (!document) network.strays.push(url);
      if (!document || network.down) return Promise.reject(new TypeError("connection refused"));
      document.requests.count++;
      return Promise.resolve(Response.json(document.body));
    },
    async add(url) {
      const { privateKey, publicKey } = await generateKeyPair("ES256");
      const jwk = { ...await exportJWK(publicKey), kid: `key of ${url}`, alg: "ES256", use: "sig" };
      const requests = { count: 0 };
      const base = url.replace(/\/$/, "");
      const jwks_uri = `${base}/jwks`;
      const discovery = { issuer: url, jwks_uri };
      documents.set(`${base}/.well-known/openid-configuration`, { body: discovery, requests });
      documents.set(jwks_uri, { body: { keys: [jwk] }, requests });
      const sign: PlatformIssuer["sign"] = (claims, header = {}) =>
        new SignJWT({ iss: url, ...claims })
          .setProtectedHeader({ alg: "ES256", kid: jwk.kid, typ: "JWT", ...header })
          .sign(privateKey);
      return { url, requests, sign };
    },
  };
  return network;
}
