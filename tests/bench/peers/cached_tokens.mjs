/**
 * What a call for a token costs that a client has, in ns: @vercel/oidc from the environment and for
 * an audience that it holds, @actions/core against a server on loopback. Argument: calls. Says which
 * ways there are, then for each that it is asked for, what it takes.
 */
import { createServer } from "node:http";
import { createInterface } from "node:readline";

// By name only, since the checkout itself does not have the peers.
const peer = (name) => import(name);
const { getIDToken } = await peer("@actions/core");
const { getVercelOidcToken } = await peer("@vercel/oidc");

const calls = Number((globalThis.Deno?.args ?? process.argv.slice(2))[0]);
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
const say = (value) => write.call(process.stdout, `${JSON.stringify(value)}\n`);
say(Object.keys(ways));
for await (const name of createInterface({ input: process.stdin })) {
  const times = name === "actions" ? Math.ceil(calls / 10) : calls;
  const start = performance.now();
  for (let call = 0; call < times; call++) await ways[name]();
  say((performance.now() - start) / times * 1e6);
}
