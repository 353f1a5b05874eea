// A service that admits one workload: it needs the issuer's URL and its own name, and no secret.
import { createVerifier, TokenVerificationError } from "@signet/oidc/verify";

const verifier = createVerifier({
  issuer: Deno.env.get("SIGNET_ISSUER") ?? "http://localhost:8000",
  audience: "https://api.example.com",
  algorithms: ["RS256"],
});

/** Answers only callers that prove to be workload `dev`. */
export async function handle(request: Request): Promise<Response> {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
  try {
    const { sub } = await verifier.verify(token);
    if (sub !== "deployment:local/dev/development") return new Response("not you", { status: 403 });
    return new Response(`hello ${sub}`);
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error;
    const status = error.code === "keys_unavailable" ? 503 : 401;
    return new Response(error.code, { status });
  }
}

if (import.meta.main) Deno.serve({ port: 8080 }, handle);
