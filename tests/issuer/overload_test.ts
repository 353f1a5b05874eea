import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeBase64Url } from "@std/encoding/base64url";
import type { IssuerOptions } from "../../issuer/create_issuer.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { createSigners } from "../../keys/create_signers.ts";
import type { Signers } from "../../keys/signer.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { faultyKv } from "../kv/faulty_kv.ts";

const audience = "https://api.acme.test";
const url = "https://tokens.test";

/** An issuer whose KV calls are counted, asked from addresses. */
function setUp(options: Partial<IssuerOptions> = {}) {
  const { kv, faults } = faultyKv(memoryKv());
  const events: Record<string, string>[] = [];
  const onEvent = (event: unknown) => void events.push(event as Record<string, string>);
  const signatures = { count: 0 };
  const signers = countedSigners(signatures);
  const started = startIssuer({ kv, onEvent, ...options }, { signers });
  const ask = (bearer: string, hostname = "192.0.2.1") =>
    started.issuer.fetch(
      new Request(`${url}/token?audience=${audience}`, {
        headers: { authorization: `Bearer ${bearer}` },
      }),
      { remoteAddr: { transport: "tcp", hostname } },
    );
  const statuses = async (bearers: Iterable<string>, hostname?: string) => {
    const counts: Record<number, number> = {};
    for (const bearer of bearers) {
      const response = await ask(bearer, hostname);
      await response.body?.cancel();
      counts[response.status] = (counts[response.status] ?? 0) + 1;
    }
    return counts;
  };
  return { ...started, faults, events, signatures, ask, statuses };
}

/** Signers that count what they sign. */
function countedSigners(signatures: { count: number }): Signers {
  const signers = createSigners({ workers: 0 });
  return {
    async importKey(key) {
      const signer = await signers.importKey(key);
      const sign = (input: Uint8Array) => (signatures.count++, signer.sign(input));
      return { sign, forget: () => signer.forget() };
    },
    [Symbol.asyncDispose]: () => signers[Symbol.asyncDispose](),
  };
}

/** Request tokens of the right form and issuer that nobody was given, each for another workload. */
function* guesses(real: string, count: number): Generator<string> {
  const [, , tag] = real.split("_");
  for (let index = 0; index < count; index++) {
    const secret = encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    yield `signet_rt_${tag}_guess-${index}_${secret}`;
  }
}

Deno.test("threat 62: a credential gets its rate, then 429 with Retry-After, before KV and signature", async () => {
  await using issuer = setUp({ rateLimit: 2 });
  const secret = await issuer.register();
  const other = await issuer.register({ id: "other", app: "other" });
  assertEquals(await issuer.statuses([secret, secret]), { 200: 2 });
  issuer.clock.now += 61_000;
  assertEquals(await issuer.statuses([secret, secret]), { 200: 2 });
  issuer.faults.error = new Error("no KV call was to be made");
  const calls = issuer.faults.calls, signed = issuer.signatures.count;
  assertEquals(signed, 4);
  const refused = await issuer.ask(secret);
  assertEquals(refused.status, 429);
  const wait = Number(refused.headers.get("retry-after"));
  assert(wait >= 1 && wait <= 30, `Retry-After ${wait}`);
  assertEquals(refused.headers.get("cache-control"), "no-store");
  const body = await refused.json();
  assertEquals(body.error, "slow_down");
  assertMatch(body.error_description, /too many requests/);
  assertEquals([issuer.faults.calls, issuer.signatures.count], [calls, signed]);
  issuer.faults.error = undefined;
  assertEquals(await issuer.statuses([other]), { 200: 1 });
  issuer.clock.now += wait * 1000;
  assertEquals(await issuer.statuses([secret]), { 200: 1 });
  const { decision, error, reason } = issuer.events.find(({ error }) => error === "slow_down")!;
  assertEquals([decision, error, reason], ["refused", "slow_down", "rate_limited_credential"]);
});

Deno.test("threat 62: a flood of guesses costs its source KV reads up to the limit and nobody else", async () => {
  await using issuer = setUp({ rateLimit: 10 });
  const secret = await issuer.register();
  await issuer.statuses([secret]);
  const before = issuer.faults.calls;
  const counts = await issuer.statuses(guesses(secret, 500), "198.51.100.9");
  assertEquals(counts, { 401: 10, 429: 490 });
  assert(issuer.faults.calls - before <= 10, `${issuer.faults.calls - before} KV calls`);
  assertEquals(issuer.signatures.count, 1, "no guess is worth a signature");
  assertEquals(await issuer.statuses([secret], "198.51.100.9"), { 200: 1 });
  const fresh = await issuer.register({ id: "fresh", app: "fresh" });
  assertEquals(await issuer.statuses([fresh]), { 200: 1 });
  assertEquals(await issuer.statuses([fresh], "198.51.100.9"), { 200: 1 });
});

Deno.test("sound credentials behind one address are not charged to it", async () => {
  await using issuer = setUp({ rateLimit: 2 });
  const secrets: string[] = [];
  for (let index = 0; index < 20; index++) {
    secrets.push(await issuer.register({ id: `app-${index}`, app: `app-${index}` }));
  }
  assertEquals(await issuer.statuses(secrets), { 200: 20 });
});

Deno.test("a trust rule has one limit, however many platform tokens meet it", async () => {
  const network = platformNetwork();
  const platform = await network.add("https://platform.test");
  await using issuer = setUp({ rateLimit: 2, fetch: network.fetch, now: Date.now });
  const trust = [{ issuer: platform.url, audience: url, claims: { project: "7" } }];
  await issuer.register({ trust });
  const exchange = async () => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    const token = await platform.sign({
      ...{ sub: "s", aud: url, project: "7", iat: exp - 300, exp },
      jti: crypto.randomUUID(),
    });
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: token,
      audience,
    });
    const response = await issuer.issuer.fetch(
      new Request(`${url}/token`, { method: "POST", body }),
    );
    await response.body?.cancel();
    return response.status;
  };
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push(await exchange());
  assertEquals(statuses, [200, 200, 429, 429]);
});

Deno.test("tenants share the memory of limits and not the limits", async () => {
  await using issuer = setUp({ rateLimit: 1, tenants: { acme: { adminToken } } });
  const own = await issuer.register();
  const send = (method: string, path: string, body?: unknown, bearer = adminToken) =>
    issuer.get(path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
    });
  const web = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
  await (await send("POST", "/acme/admin/workloads", web)).body?.cancel();
  const added = await send("POST", "/acme/admin/workloads/web/credentials", {
    type: "request_token",
  });
  const { secret } = await added.json();
  assertEquals(await issuer.statuses([own, own]), { 200: 1, 429: 1 });
  const ask = async () =>
    (await send("GET", `/acme/token?audience=${audience}`, undefined, secret)).status;
  assertEquals([await ask(), await ask()], [200, 429]);
});

Deno.test("discovery and JWKS are answered in the middle of a flood of sound token requests", async () => {
  await using issuer = setUp();
  const secret = await issuer.register();
  await issuer.statuses([secret]);
  let settled = 0;
  const flood = Array.from({ length: 400 }, () =>
    issuer.ask(secret).then(async (response) => {
      await response.body?.cancel();
      settled++;
      return response.status;
    }));
  for (const path of ["/.well-known/openid-configuration", "/.well-known/jwks.json"]) {
    const response = await issuer.get(path);
    assertEquals(response.status, 200);
    assert((await response.text()).length > 100);
    assert(settled < 100, `${settled} of 400 tokens came before ${path}`);
  }
  const statuses = new Set(await Promise.all(flood));
  assertEquals(statuses, new Set([200]));
});
