import { assert, assertEquals } from "@std/assert";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { IssuerEvent } from "../../issuer/issuer_event.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { faultyKv } from "../kv/faulty_kv.ts";

const audience = "https://api.acme.test";
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

async function setUp() {
  const events: IssuerEvent[] = [];
  const network = platformNetwork();
  const platform = await network.add("https://platform.test");
  const { kv, faults } = faultyKv(memoryKv());
  const started = startIssuer({
    ...{ kv, fetch: network.fetch, rateLimit: 30, onEvent: (event) => void events.push(event) },
  });
  const trust = [{
    issuer: platform.url,
    audience: started.url,
    claims: { project: "7", zone: "a" },
  }];
  const secret = await started.register({ trust });
  // The first request makes the keys, which is told of as well.
  await (await started.get("/healthz")).body?.cancel();
  const assertion = (claims: Record<string, unknown> = {}) => {
    const iat = started.clock.now / 1000;
    return platform.sign({
      ...{ sub: "s", aud: started.url, project: "7", zone: "a", iat, exp: iat + 300 },
      jti: crypto.randomUUID(),
      ...claims,
    });
  };
  const post = (form: Record<string, string> | string, headers: HeadersInit = {}) =>
    started.get("/token", {
      method: "POST",
      headers: typeof form === "string" ? headers : {},
      body: typeof form === "string" ? form : new URLSearchParams(form),
    });
  return { ...started, kv, faults, events, network, secret, assertion, post };
}

Deno.test("token endpoint tells of every request exactly once, issued or refused", async () => {
  const it = await setUp();
  await using _ = it;
  const { post, token, secret, get, assertion } = it;
  const used = await assertion();
  const bearer = { authorization: `Bearer ${secret}` };
  const form = "application/x-www-form-urlencoded";
  const cases: [title: string, answer: () => Promise<Response>, want: Partial<IssuerEvent>][] = [
    ["issued by GET", () => token(secret, { audience }), {
      decision: "issued",
      method: "request_token",
    }],
    ["issued by POST", () => post({ grant_type: jwtBearer, assertion: used, audience }), {
      decision: "issued",
      method: "platform_token",
      credential: "trust/0",
    }],
    ["a replay", () => post({ grant_type: jwtBearer, assertion: used, audience }), {
      error: "invalid_grant",
      reason: "token_replayed",
      workload: "web",
    }],
    [
      "no rule",
      async () =>
        post({ grant_type: jwtBearer, assertion: await assertion({ project: "8" }), audience }),
      {
        error: "invalid_grant",
        reason: "claims_not_trusted",
      },
    ],
    [
      "no rule for its issuer",
      async () => {
        const stranger = await it.network.add("https://stranger.test");
        const iat = it.clock.now / 1000;
        const claims = { sub: "s", aud: it.url, project: "7", iat, exp: iat + 60 };
        return post({ grant_type: jwtBearer, assertion: await stranger.sign(claims), audience });
      },
      { error: "invalid_grant", reason: "issuer_not_trusted" },
    ],
    [
      "a rule of another workload",
      async () =>
        post({ grant_type: jwtBearer, assertion: await assertion(), audience, client_id: "api" }),
      { error: "invalid_grant", reason: "workload_not_trusted" },
    ],
    [
      "a rule whose other claim differs",
      async () =>
        post({ grant_type: jwtBearer, assertion: await assertion({ zone: "b" }), audience }),
      { error: "invalid_grant", reason: "no_rule_matches" },
    ],
    ["garbage", () => post({ grant_type: jwtBearer, assertion: "a.b.c", audience }), {
      error: "invalid_grant",
    }],
    ["a wrong credential", () => token(secret.slice(0, -1), { audience }), {
      error: "invalid_client",
    }],
    ["no credential", () => get(`/token?audience=${audience}`), { error: "invalid_client" }],
    ["no audience", () => token(secret, {}), { error: "invalid_request" }],
    ["a life too long", () => token(secret, { audience, ttl: "99999" }), {
      error: "invalid_request",
      workload: "web",
      audience,
    }],
    ["our own audience", () => token(secret, { audience: it.url }), { error: "invalid_target" }],
    ["parameters twice", () => get("/token?a=1&a=2"), { error: "invalid_request" }],
    ["a secret in the URL", () => get("/token?subject_token=x"), { reason: "secret_in_url" }],
    ["HEAD", () => get(`/token?audience=${audience}`, { method: "HEAD", headers: bearer }), {
      decision: "issued",
    }],
    ["POST with a query", () => get("/token?a=1", { method: "POST" }), {
      error: "invalid_request",
    }],
    ["POST of JSON", () => post("{}", { "content-type": "application/json" }), {
      error: "invalid_request",
    }],
    ["POST of bytes", () => post("a=\u00e9", { "content-type": form }), {
      error: "invalid_request",
    }],
    ["no grant type", () => post({ audience }), { error: "invalid_request" }],
    ["another grant type", () => post({ grant_type: "password", audience }), {
      error: "unsupported_grant_type",
    }],
  ];
  for (const [title, answer, want] of cases) {
    it.events.length = 0;
    await (await answer()).body?.cancel();
    assertEquals(it.events.length, 1, title);
    const [event] = it.events as unknown as [Record<string, unknown>];
    assertEquals([event.type, event.issuer, event.source], ["token", it.url, "unknown"], title);
    for (const [name, value] of Object.entries(want)) {
      assertEquals(event[name], value, `${title}: ${name}`);
    }
    const isIssued = event.decision === "issued";
    for (const name of ["kid", "jti", "token_sha256", "subject", "workload"]) {
      assert(!isIssued || typeof event[name] === "string", `${title}: ${name}`);
    }
    assertEquals(isIssued, event.error === undefined, title);
  }
  it.events.length = 0;
  it.clock.now += 61_000;
  it.faults.error = new Error("down");
  await (await token("signet_rt_unknown", { audience })).body?.cancel();
  const flood = Array.from({ length: 40 }, () => token(secret, { audience }));
  for (const response of await Promise.all(flood)) await response.body?.cancel();
  const tokens = it.events.filter(({ type }) => type === "token");
  assertEquals(tokens.length, 41);
  assert(tokens.some((event) => "error" in event && event.error === "slow_down"));
});

Deno.test("admin API tells of every change, tried change and stranger exactly once", async () => {
  const it = await setUp();
  await using _ = it;
  const { admin, get } = it;
  const web = { id: "api", org: "acme", app: "api", context: "production", audiences: ["*"] };
  const as = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } });
  const cases: [answer: () => Promise<Response>, want: string | undefined][] = [
    [() => admin("GET", "workloads"), undefined],
    [() => admin("POST", "workloads", web), "done POST workloads undefined 201 admin-token"],
    [() => admin("POST", "workloads", web), "refused POST workloads undefined 409 admin-token"],
    [() => admin("PATCH", "workloads/api", {}), "refused PATCH workloads/* api 428 admin-token"],
    [
      () => admin("POST", "workloads/api/credentials", { type: "request_token" }),
      "done POST workloads/*/credentials api 201 admin-token",
    ],
    [
      () => admin("DELETE", "workloads/api/credentials/none"),
      "refused DELETE workloads/*/credentials/* api/none 404 admin-token",
    ],
    [
      () => admin("DELETE", `workloads/${it.secret}`),
      "refused DELETE workloads/* undefined 404 admin-token",
    ],
    [() => admin("POST", "keys/rotate"), "done POST keys/rotate undefined 200 admin-token"],
    [() => admin("DELETE", "workloads/api"), "done DELETE workloads/* api 204 admin-token"],
    [() => admin("POST", "nowhere/at/all"), "refused POST unknown undefined 404 admin-token"],
    [
      () => get("/admin/workloads", as("x".repeat(40))),
      "refused GET unknown undefined 401 undefined",
    ],
    [
      () => get("/admin/workloads", { method: "BREW" }),
      "refused other unknown undefined 401 undefined",
    ],
  ];
  for (const [answer, want] of cases) {
    it.events.length = 0;
    await (await answer()).body?.cancel();
    const events = it.events.filter(({ type }) => type === "admin") as unknown as Record<
      string,
      string
    >[];
    const told = events.map((event) =>
      [event.decision, event.action, event.target, event.status, event.actor].map(String).join(" ")
    );
    assertEquals(told, want === undefined ? [] : [want]);
  }
  it.events.length = 0;
  await (await admin("POST", "keys/rotate", { emergency: true })).body?.cancel();
  const keys = it.events.filter(({ type }) => type === "keys") as unknown as Record<
    string,
    string
  >[];
  assertEquals(keys.map(({ change, alg, epoch }) => `${change} ${alg} ${epoch}`), [
    "revoked RS256 3",
  ]);
});

Deno.test("an event listener that throws breaks nothing", async () => {
  await using started = startIssuer({
    onEvent() {
      throw new Error("the log is full");
    },
  });
  const secret = await started.register();
  const response = await started.token(secret, { audience });
  assertEquals(response.status, 200);
  await response.body?.cancel();
});

Deno.test("threat 57: no secret stands in any event, audit entry, error, or KV entry", async () => {
  const it = await setUp();
  await using _ = it;
  const said: string[] = [];
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...await exportJWK(publicKey), kid: "own", alg: "ES256" };
  const privateJwk = { ...await exportJWK(privateKey), kid: "own", alg: "ES256" };
  await (await it.admin("POST", "workloads/web/credentials", { type: "public_key", jwk })).body
    ?.cancel();
  const iat = it.clock.now / 1000;
  const clientAssertion = await new SignJWT({ jti: "one" })
    .setProtectedHeader({ alg: "ES256", kid: "own", typ: "JWT" })
    .setIssuer("web").setSubject("web").setAudience(it.url).setIssuedAt(iat)
    .setExpirationTime(iat + 60).sign(privateKey);
  const platformToken = await it.assertion();
  const wrongToken = await it.assertion({ project: "canary-claim-1" });
  const clientForm = {
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: clientAssertion,
    audience,
  };
  const foreign = "foreign-admin-canary-0123456789-0123456789";
  const minted: string[] = [];
  const mint = async (response: Response) => {
    const body = await response.json();
    minted.push(body.value ?? body.access_token);
    assert(minted.at(-1), JSON.stringify(body));
  };
  const hear = async (response: Response) =>
    void said.push(JSON.stringify([...response.headers]) + await response.text());
  await mint(await it.token(it.secret, { audience }));
  await mint(await it.post({ grant_type: jwtBearer, assertion: platformToken, audience }));
  await mint(await it.post(clientForm));
  await hear(await it.post(clientForm));
  await hear(await it.post({ grant_type: jwtBearer, assertion: platformToken, audience }));
  await hear(await it.post({ grant_type: jwtBearer, assertion: wrongToken, audience }));
  await hear(await it.post({ ...clientForm, client_secret: "canary-client-secret" }));
  await hear(await it.token(it.secret + "x", { audience }));
  await hear(await it.get(`/token?token=${it.secret}`));
  await hear(await it.token(it.secret, { audience: it.secret }));
  await hear(await it.get("/admin/workloads", { headers: { authorization: `Bearer ${foreign}` } }));
  await hear(await it.admin("POST", `workloads/${it.secret}/credentials`, { type: it.secret }));
  await hear(
    await it.admin("POST", "workloads/web/credentials", { type: "public_key", jwk: privateJwk }),
  );
  await hear(await it.admin("POST", "workloads", { id: "x", canary: "canary-member" }));
  await hear(await it.admin("POST", "explain", { token: wrongToken.slice(0, -4) }));
  await hear(await it.admin("POST", "explain", { token: platformToken }));
  await hear(await it.admin("POST", "keys/rotate", { emergency: true }));
  await hear(await it.admin("GET", "workloads/web/credentials"));
  await hear(await it.admin("GET", "audit"));
  it.faults.error = new Error(`the driver says ${it.secret} and ${adminToken}`);
  it.clock.now += 3_600_000;
  await hear(await it.token(it.secret, { audience }));
  await hear(await it.get("/healthz"));
  await hear(await it.admin("GET", "audit"));
  it.faults.error = undefined;
  const dump: string[] = [];
  const decoder = new TextDecoder();
  for await (const { key, value } of it.kv.list({ prefix: [] })) {
    dump.push(
      key.join("/") + (value instanceof Uint8Array ? decoder.decode(value) : Deno.inspect(value)),
    );
  }
  assert(dump.length > 8, "the dump holds something");
  const bearers = [it.secret, platformToken, wrongToken, clientAssertion, ...minted];
  const canaries = [
    ...bearers,
    // A token without its signature, and the signature without its token, are too much as well.
    ...bearers.flatMap((token) => token.split(".").slice(1)),
    it.secret.slice(-43),
    ...[adminToken, foreign, "canary-client-secret", "canary-member", privateJwk.d!],
  ];
  const told = it.events.map((event) => JSON.stringify(event));
  assert(told.length > 20 && said.length > 15);
  for (const canary of canaries) {
    for (const text of [...told, ...said, ...dump]) {
      assert(!text.includes(canary), `${canary.slice(0, 12)}… stands in ${text.slice(0, 300)}`);
    }
  }
});
