/**
 * panva's oidc-provider as it documents itself: client_credentials, JWT access tokens (RFC 9068)
 * by resource indicators, its memory adapter. Arguments: algorithm, number of clients.
 */
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";

// By name only, since the checkout itself does not have the peers.
const peer = (name) => import(name);
const { default: Provider } = await peer("oidc-provider");

const argv = globalThis.Deno?.args ?? process.argv.slice(2);
const [alg = "RS256", count = "100"] = argv;
const { privateKey } = await generateKeyPair(alg, { extractable: true });
const jwk = { ...await exportJWK(privateKey), alg, use: "sig", kid: "bench" };
const clients = Array.from({ length: Number(count) }, (_, index) => ({
  client_id: `web-${index}`,
  client_secret: "s".repeat(43),
  grant_types: ["client_credentials"],
  id_token_signed_response_alg: alg,
  redirect_uris: [],
  response_types: [],
}));

console.info = console.warn = () => {};
// Its URL has to be known first.
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(url, {
  clients,
  jwks: { keys: [jwk] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "https://api.example",
      getResourceServerInfo: () => ({
        audience: "https://api.example",
        accessTokenTTL: 300,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg } },
        scope: "",
      }),
    },
  },
});
server.on("request", provider.callback());
console.log(JSON.stringify({ url }));
