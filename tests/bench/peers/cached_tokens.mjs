/**
 * What a call for a token costs that a client has, in ns: @vercel/oidc from the environment and for
 * an audience that it holds, @actions/core against a server on loopback. Arguments: rounds, calls.
 */
import { createServer } from "node:http";

// By name only, since the checkout itself does not have the peers.
const peer = (name) => import(name);
const { getIDToken } = await peer("@actions/core");
const { getVercelOidcToken } = await peer("@vercel/oidc");

const [rounds, calls] = (globalThis.Deno?.args ?? process.argv.slice(2)).map(Number);
const exp = Math.floor(Date.now() / 1000) + 3600;
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = [part({ alg: "RS256" }), part({ exp, aud: "a", sub: "s" }), "x".repeat(342)].join(
  ".",
);
process.env.VERCEL_OIDC_TOKEN = token;
const answer = JSON.stringify({ token, expiry: exp });
const network = globalThis.fetch;
globalThis.fetch = (input, init) =>
  String(input).startsWith("https://oidc.vercel.com")
    ? Promise.resolve(new Response(answer))
    : network(input, init);

const server = createServer((_, response) => response.end(JSON.stringify({ value: token })));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `http://127.0.0.1:${server.address().port}/?v=1`;
process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = "token";
// It writes the token as a secret to mask, which is no part of the call.
const write = process.stdout.write;
process.stdout.write = (text, ...rest) =>
  String(text).startsWith("::") || text === "\n" ? true : write.call(process.stdout, text, ...rest);

const ways = {
  vercel: () => getVercelOidcToken(),
  vercelAudience: () => getVercelOidcToken({ audience: "https://api.example" }),
  actions: () => getIDToken("https://api.example"),
};
const result = {};
for (const [name, way] of Object.entries(ways)) {
  result[name] = [];
  const times = name === "actions" ? Math.ceil(calls / 10) : calls;
  for (let round = -1; round < rounds; round++) {
    const start = performance.now();
    for (let call = 0; call < times; call++) await way();
    if (round >= 0) result[name].push((performance.now() - start) / times * 1e6);
  }
}
process.stdout.write = write;
console.log(JSON.stringify(result));
process.exit(0);
