// The called service: answers the shop's app and nobody else. It holds no secret: it knows the issuer's URL, its own
// name, and the subject that it lets in.
import { createVerifier, TokenVerificationError } from "@signet/oidc/verify";

const verifier = createVerifier({
  issuer: Deno.env.get("SIGNET_ISSUER") ?? "http://localhost:8000",
  audience: Deno.env.get("ORDERS_URL") ?? "https://orders.acme.test",
  algorithms: ["RS256"],
});
const callers = (Deno.env.get("ORDERS_CALLERS") ?? "deployment:acme/shop/production").split(" ");

async function handle(request: Request): Promise<Response> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) return new Response("who are you?", { status: 401 });
  try {
    const { sub } = await verifier.verify(token);
    if (!callers.includes(sub)) return new Response(`not for ${sub}`, { status: 403 });
    return Response.json({ orders: [1, 2, 3], readBy: sub });
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error;
    return new Response(error.code, { status: error.code === "keys_unavailable" ? 503 : 401 });
  }
}

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8001) }, handle);
