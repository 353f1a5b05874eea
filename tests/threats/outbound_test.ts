/** What a stranger can make the issuer connect to: connections are counted at real listeners. */
import { assert, assertEquals } from "@std/assert";
import { listeningIssuer, type ListenOptions } from "../_support/listening_issuer.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";
import { parseConfigFile } from "../../issuer/config_file.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { createSigner, type GrantName, present, type Signer } from "./_support.ts";

const exchanges: readonly GrantName[] = ["token exchange", "jwt-bearer"];

/** Answers one request path. */
type Answer = (path: string) => { status?: string; headers?: string[]; body?: unknown };

/** A bare listener: counts every connection and keeps every request head. */
function host(answer: (url: string) => Answer) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const heads: string[] = [];
  const own = answer(url);
  const done = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(8_192);
      const size = await connection.read(buffer) ?? 0;
      const head = new TextDecoder().decode(buffer.subarray(0, size));
      heads.push(head);
      const { status = "200 OK", headers = [], body = {} } = own(head.split(" ")[1] ?? "");
      const text = JSON.stringify(body);
      const lines = [`HTTP/1.1 ${status}`, "Connection: close", ...headers];
      const bytes = new TextEncoder().encode(
        [...lines, `Content-Length: ${text.length}`, "", text].join("\r\n"),
      );
      await connection.write(bytes).catch(() => {});
      connection.close();
    }
  })();
  return {
    url,
    heads,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

/** The two documents of a sound issuer. */
function documents(signer: Signer, change: Record<string, unknown> = {}) {
  return (url: string): Answer => (path) =>
    path === "/jwks"
      ? { body: { keys: [signer.publicJwk] } }
      : { body: { issuer: url, jwks_uri: `${url}/jwks`, ...change } };
}

function claimsFor(started: { url: string }, iss: string, change: Record<string, unknown> = {}) {
  const iat = Math.floor(Date.now() / 1000);
  const times = { iat, exp: iat + 300, jti: crypto.randomUUID() };
  return { iss, sub: "job", aud: started.url, project: "web", ...times, ...change };
}

/** A real issuer whose only rule names `issuer`. */
async function trusting(issuer: string, options: ListenOptions = {}) {
  const started = listeningIssuer(options);
  await started.register({
    trust: [{ issuer, audience: started.url, claims: { project: "web" } }],
  });
  return started;
}

Deno.test("threats 35, 39, 40: an issuer that no rule names is never connected to, whatever a token says", async () => {
  const signer = await createSigner("k1");
  await using friend = host(documents(signer));
  await using enemy = host(documents(signer));
  await using started = await trusting(friend.url);
  const at = `${enemy.url}/jwks`;
  const issuers = [enemy.url, `${enemy.url}/`, `${enemy.url}#${friend.url}`, "http://127.0.0.1:1"];
  const headers = [{}, { jku: at }, { x5u: at }, { jku: at, x5u: at, jwk: signer.publicJwk }];
  for (const grant of [...exchanges, "private_key_jwt"] as const) {
    for (const iss of issuers) {
      for (const header of headers) {
        const token = await signer.sign(claimsFor(started, iss), header);
        const { status } = await present(started, { grant, token });
        assertEquals(status, grant === "private_key_jwt" ? 401 : 400);
      }
    }
  }
  const extra = { request_uri: at, callback_url: at, jwks_uri: at, jku: at, resource: enemy.url };
  for (const grant of exchanges) {
    const token = await signer.sign(claimsFor(started, enemy.url, extra), { jku: at });
    await present(started, { grant, token, request_uri: at, callback_url: at, jwks_uri: at });
  }
  assertEquals([friend.heads.length, enemy.heads.length], [0, 0]);

  const token = await signer.sign(claimsFor(started, friend.url));
  assertEquals((await present(started, { grant: "jwt-bearer", token })).status, 200);
  assertEquals([friend.heads.length, enemy.heads.length], [2, 0]);
  for (const head of friend.heads) {
    assert(!/^(authorization|cookie|proxy-authorization|x-.*token.*):/im.test(head), head);
    assert(!head.includes(token));
  }
});

Deno.test("threat 35: no rule can be written for a private place, nor for loopback by an issuer elsewhere", async () => {
  await using here = listeningIssuer();
  await using afar = startIssuer();
  const write = async (started: StartedIssuer, issuer: string) => {
    const trust = [{ issuer, audience: started.url, claims: { project: "web" } }];
    const web = { id: "web", org: "acme", app: "web", context: "production", trust };
    const answer = await started.admin("POST", "workloads", web);
    return `${answer.status} ${(await answer.json()).errors?.[0]?.pointer ?? ""}`;
  };
  const never = ["file:///etc/passwd", "data:text/plain,x", "blob:x", "http://10.0.0.1"];
  const metadata = ["http://169.254.169.254", "https://metadata.google.internal"];
  for (const issuer of [...never, ...metadata, "https://user:pass@ci.acme.test"]) {
    for (const started of [here, afar]) {
      assertEquals(await write(started, issuer), "400 /trust/0/issuer", issuer);
    }
  }
  for (const issuer of ["http://127.0.0.1:8080", "https://localhost", "http://[::1]:1"]) {
    assertEquals(await write(afar, issuer), "400 /trust/0/issuer", issuer);
  }
  assertEquals(await write(here, "http://127.0.0.1:8080"), "201 ");
});

Deno.test("threats 36, 38: a redirect of discovery or of keys is not followed", async () => {
  const signer = await createSigner("k1");
  await using enemy = host(documents(signer));
  const redirect = { status: "302 Found", headers: [`Location: ${enemy.url}/jwks`] };
  const sound = documents(signer);
  for (const redirected of ["/.well-known/openid-configuration", "/jwks"]) {
    await using friend = host((url) => (path) => path === redirected ? redirect : sound(url)(path));
    await using started = await trusting(friend.url);
    const token = await signer.sign(claimsFor(started, friend.url));
    const { status, body } = await present(started, { grant: "jwt-bearer", token });
    assertEquals([status, body.error], [503, "temporarily_unavailable"]);
    assert(friend.heads.length > 0);
  }
  assertEquals(enemy.heads, []);
});

Deno.test("threat 37: discovery that names another issuer, or keys on another host, is not believed", async () => {
  const signer = await createSigner("k1");
  await using enemy = host(documents(signer));
  for (
    const change of [{ issuer: enemy.url }, { jwks_uri: `http://localhost.evil.test/jwks` }, {
      jwks_uri: "http://10.0.0.1/jwks",
    }]
  ) {
    await using friend = host(documents(signer, change));
    await using started = await trusting(friend.url);
    const token = await signer.sign(claimsFor(started, friend.url));
    const { status } = await present(started, { grant: "jwt-bearer", token });
    assertEquals(status, 503, JSON.stringify(change));
    assertEquals(friend.heads.length, 1, "keys were asked for");
  }
  assertEquals(enemy.heads, []);
});

Deno.test("threat 38: keys that are not keys, or are too large, do not replace good ones", async () => {
  const signer = await createSigner("k1");
  const clock = { now: Date.now() };
  let broken: unknown;
  const sound = documents(signer);
  await using friend = host((url) => (path) =>
    path === "/jwks" && broken !== undefined ? { body: broken } : sound(url)(path)
  );
  await using started = await trusting(friend.url, { now: () => clock.now });
  const exchange = async () => {
    const iat = Math.floor(clock.now / 1000);
    const token = await signer.sign(
      claimsFor(started, friend.url, { iat, exp: iat + 300, jti: crypto.randomUUID() }),
    );
    return (await present(started, { grant: "jwt-bearer", token })).status;
  };
  assertEquals(await exchange(), 200);
  const padding = "x".repeat(300_000);
  for (broken of [{ keys: [] }, { keys: [{ kty: "oct", k: "AA" }] }, [], { keys: [], padding }]) {
    clock.now += 11 * 60_000;
    const before = friend.heads.length;
    assertEquals(await exchange(), 200, JSON.stringify(broken).slice(0, 40));
    assert(friend.heads.length > before, "the keys were asked for again");
  }
});

Deno.test("threat 39: a flood of unknown kids makes one request per 30 s", async () => {
  const signer = await createSigner("k1");
  const clock = { now: Date.now() };
  await using friend = host(documents(signer));
  await using started = await trusting(friend.url, { now: () => clock.now });
  const flood = async () => {
    const before = friend.heads.length;
    await Promise.all(Array.from({ length: 40 }, async (_, at) => {
      const token = await signer.sign(claimsFor(started, friend.url), { kid: `unknown-${at}` });
      return await present(started, { grant: exchanges[at % 2]!, token });
    }));
    return friend.heads.length - before;
  };
  assertEquals(await flood(), 2, "discovery and keys, once");
  assertEquals(await flood(), 0);
  clock.now += 31_000;
  assertEquals(await flood(), 1);
});

Deno.test("threat 36: where names are looked up, an issuer that resolves to a private address is not asked", async () => {
  const answers: Record<string, readonly string[]> = {
    "public.test": ["93.184.215.14"],
    "rebound.test": ["93.184.215.14", "169.254.169.254"],
  };
  for (const place of ["", "/blue"]) {
    for (const [name, addresses] of Object.entries(answers)) {
      const network = platformNetwork();
      const platform = await network.add(`https://${name}`);
      const looked: string[] = [];
      const resolveName = (hostname: string) => (looked.push(hostname), Promise.resolve(addresses));
      const own = `https://tokens.test${place}`;
      const trust = [{ issuer: platform.url, audience: own, claims: { project: "web" } }];
      const { workloads } = parseConfigFile(
        new TextEncoder().encode(JSON.stringify({
          workloads: [{ id: "web", org: "a", app: "b", context: "c", audiences: ["*"], trust }],
        })),
        { issuer: own, faults: [] },
      );
      const options = { fetch: network.fetch, resolveName, now: Date.now };
      const where = place === "" ? { workloads } : { tenants: { blue: { workloads } } };
      await using started = startIssuer({ ...options, ...where });
      const token = await platform.sign({ ...claimsFor({ url: own }, platform.url) });
      const form = new URLSearchParams({
        ...{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: token },
        audience: "https://api.acme.test",
      });
      const { status, body } = await started.get(`${place}/token`, { method: "POST", body: form });
      await body?.cancel();
      assertEquals([status, platform.requests.count], name === "public.test" ? [200, 2] : [503, 0]);
      assert(looked.every((hostname) => hostname === name) && looked.length > 0);
    }
  }
});
