/** A platform whose tokens the issuer exchanges, listening on loopback. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** The platform; closes its server when disposed. */
export interface Platform extends AsyncDisposable {
  readonly url: string;
  /** A fresh token for the issuer, good once. */
  token(audience: string): Promise<string>;
}

/** Starts a platform with one key. */
export async function startPlatform(): Promise<Platform> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...await exportJWK(publicKey), kid: "platform", alg: "ES256", use: "sig" };
  function answer(request: Request): Response {
    const { origin, pathname } = new URL(request.url);
    const discovery = { issuer: origin, jwks_uri: `${origin}/jwks` };
    return Response.json(pathname === "/jwks" ? { keys: [jwk] } : discovery);
  }
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    token: (audience) =>
      new SignJWT({ project: "7", sub: "job" })
        .setProtectedHeader({ alg: "ES256", kid: "platform", typ: "JWT" })
        .setIssuer(url).setAudience(audience).setIssuedAt().setExpirationTime("5m")
        .setJti(crypto.randomUUID()).sign(privateKey),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
