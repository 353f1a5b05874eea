// An app on Deno Deploy that calls an API as itself. No secret is configured anywhere: the token that
// Deploy gives the app is exchanged at the issuer that SIGNET_ISSUER names, under this trust rule:
//   { "preset": "deno-deploy", "orgId": "…", "appId": "…", "context": "production" }
import { getIdToken, IdTokenError } from "@signet/oidc";

const api = Deno.env.get("API_URL") ?? "https://api.example.com";

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async () => {
  try {
    const token = await getIdToken(api);
    return await fetch(`${api}/orders`, { headers: { authorization: `Bearer ${token}` } });
  } catch (error) {
    if (!(error instanceof IdTokenError)) throw error;
    console.error(error.message); // says what to do; holds no token
    return new Response("This app has no identity", { status: 503 });
  }
});
