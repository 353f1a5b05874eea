// No framework: wraps a handler of Deno.serve so that only a caller with an identity reaches it.
import { createVerifier, TokenVerificationError, type VerifiedClaims } from "@signet/oidc/verify";

const verifier = createVerifier({
  issuer: Deno.env.get("SIGNET_ISSUER") ?? "http://localhost:8000",
  audience: "https://api.example.com",
  algorithms: ["RS256"],
});

type Handler = (request: Request, caller: VerifiedClaims) => Response | Promise<Response>;

/** The handler, called with the caller's verified claims. */
function withIdentity(handler: Handler): (request: Request) => Promise<Response> {
  return async (request) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const refuse = (reason: string, status = 401) =>
      new Response(reason, { status, headers: { "www-authenticate": "Bearer" } });
    if (!token) return refuse("who are you?");
    let caller: VerifiedClaims;
    try {
      caller = await verifier.verify(token);
    } catch (error) {
      if (!(error instanceof TokenVerificationError)) throw error;
      return refuse(error.code, error.code === "keys_unavailable" ? 503 : 401);
    }
    return await handler(request, caller);
  };
}

const orders = withIdentity((_request, { sub }) =>
  sub === "deployment:acme/web/production"
    ? new Response(`your orders, ${sub}`)
    : new Response(`not for ${sub}`, { status: 403 })
);

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, orders);
