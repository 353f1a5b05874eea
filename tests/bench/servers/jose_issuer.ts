/**
 * The least that does what an issuer does at its start: opens the KV given as argument, reads
 * and decrypts its key there, serves tokens to whoever shows a known secret, signed by jose.
 */
import { createHash } from "node:crypto";
import { importJWK, type JWK, SignJWT } from "jose";

const kv = await Deno.openKv(Deno.args[0]);
const { value } = await kv.get<{ iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }>(["key"]);
const sealing = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, [
  "decrypt",
]);
const jwk = await crypto.subtle.decrypt({ name: "AES-GCM", iv: value!.iv }, sealing, value!.sealed);
const key = await importJWK(JSON.parse(new TextDecoder().decode(jwk)) as JWK, "RS256");
const known = createHash("sha256").update("secret").digest("hex");

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` })),
}, async (request) => {
  const secret = request.headers.get("authorization")?.slice(7) ?? "";
  const digest = createHash("sha256").update(secret).digest("hex");
  if (digest !== known) return new Response(null, { status: 401 });
  const audience = new URL(request.url).searchParams.get("audience")!;
  const token = await new SignJWT({ org: "acme" })
    .setProtectedHeader({ alg: "RS256", kid: "key", typ: "JWT" }).setIssuer("http://127.0.0.1")
    .setSubject("web").setAudience(audience).setIssuedAt().setExpirationTime("5m")
    .setJti(crypto.randomUUID()).sign(key);
  return Response.json({ value: token });
});
