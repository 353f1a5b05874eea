/** axa-group's oauth2-mock-server as it documents itself. Argument: algorithm. */

// By name only, since the checkout itself does not have the peers.
const peer = (name) => import(name);
const { OAuth2Server } = await peer("oauth2-mock-server");

const argv = globalThis.Deno?.args ?? process.argv.slice(2);
const server = new OAuth2Server();
await server.issuer.keys.generate(argv[0] ?? "RS256");
await server.start(0, "127.0.0.1");
console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
