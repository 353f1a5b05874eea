// The calling service: asks orders.ts as itself. Each call carries a token for that one service, good for minutes.
import { getIdToken } from "@signet/oidc";

const audience = Deno.env.get("ORDERS_URL") ?? "https://orders.acme.test"; // the name orders.ts goes by
const orders = Deno.env.get("ORDERS_ADDRESS") ?? audience; // where it listens, if elsewhere

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8002) }, async () => {
  const authorization = `Bearer ${await getIdToken(audience)}`; // from memory but for every fifth minute
  const response = await fetch(orders, { headers: { authorization } });
  return new Response(`orders says ${response.status}: ${await response.text()}`);
});
