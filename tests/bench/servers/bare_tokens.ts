/** The least that a token without its signature takes: a digest of the credential, claims, encoding, HTTP. */
import { createHash } from "node:crypto";

const encoder = new TextEncoder();
const signature = new Uint8Array(64);
const init = { headers: { "content-type": "application/json", "cache-control": "no-store" } };
const header = base64url(JSON.stringify({ alg: "RS256", kid: "k".repeat(43), typ: "JWT" }));
const counts = new Map<string, number>();

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` })),
}, (request) => {
  const credential = request.headers.get("authorization") ?? "";
  const digest = createHash("sha256").update(credential).digest("hex");
  counts.set(digest, (counts.get(digest) ?? 0) + 1);
  const { url } = request;
  const aud = decodeURIComponent(url.slice(url.indexOf("audience=") + 9));
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: "http://127.0.0.1:8000", sub: "deployment:acme/web/production", aud, iat },
    ...{ nbf: iat - 60, exp: iat + 300, jti: crypto.randomUUID() },
    ...{ org: "acme", app: "web", context: "production", workload: "web" },
  };
  const input = `${header}.${base64url(JSON.stringify(claims))}`;
  const made = sign(encoder.encode(input));
  return new Response(`{"value":"${input}.${base64url(String.fromCharCode(...made))}"}`, init);
});

function sign(_input: Uint8Array): Uint8Array {
  return signature;
}

function base64url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
