// An issuer inside your own server: its routes under /id, yours beside them.
import { createIssuer } from "@signet/oidc/issuer";

const port = Number(Deno.env.get("PORT") ?? 8000);
const issuer = createIssuer({
  issuer: `http://localhost:${port}/id`, // in production: your public https URL
  kv: await Deno.openKv(Deno.env.get("KV_PATH") ?? ":memory:"),
  adminToken: Deno.env.get("SIGNET_ADMIN_TOKEN"),
});
await issuer.start();

Deno.serve({ port }, (request) => {
  const { pathname } = new URL(request.url);
  const isIssuer = pathname === "/id" || pathname.startsWith("/id/") ||
    pathname === "/.well-known/oauth-authorization-server/id";
  return isIssuer ? issuer.fetch(request) : new Response("your own pages");
});
