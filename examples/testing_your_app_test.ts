// A test of your own service that demands an identity: a real issuer, in memory, in one line.
import { assertEquals } from "@std/assert";
import { createTestIssuer } from "@signet/oidc/testing";
import { createVerifier } from "@signet/oidc/verify";

/** The service under test; `fetch` is how it finds the issuer's keys. */
function createService(options: { issuer: string; fetch?: typeof fetch }) {
  const audience = "https://api.example.com";
  const verifier = createVerifier({ ...options, audience, algorithms: ["RS256"] });
  return async (request: Request): Promise<Response> => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const claims = await verifier.verify(token).catch(() => undefined);
    return claims ? new Response(claims.sub) : new Response("who are you?", { status: 401 });
  };
}

Deno.test("service lets in who has a token for it, and nobody else", async () => {
  await using issuer = await createTestIssuer({ org: "acme", app: "web", context: "production" });
  const service = createService({ issuer: issuer.url, fetch: issuer.fetch });
  const ask = async (audience: string) => {
    const authorization = `Bearer ${await issuer.getIdToken(audience)}`;
    return await service(new Request("https://api.example.com", { headers: { authorization } }));
  };

  assertEquals(
    await (await ask("https://api.example.com")).text(),
    "deployment:acme/web/production",
  );
  assertEquals((await ask("https://other.example.com")).status, 401);
});
