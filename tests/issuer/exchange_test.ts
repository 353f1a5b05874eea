import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt } from "jose";
import type { Algorithm } from "../../keys/algorithm.ts";
import { type PlatformIssuer, platformNetwork } from "../_support/platform_issuer.ts";
import { signingParts } from "../_support/signing_parts.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";
import { OWN, SAMPLES } from "./trust/_samples.ts";

const audience = "https://api.acme.test";
const exchangeType = "urn:ietf:params:oauth:grant-type:token-exchange";
const bearerType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const jwtType = "urn:ietf:params:oauth:token-type:jwt";

const deployRule = {
  issuer: "https://oidc.deno.com",
  audience: OWN,
  claims: { org_id: "729adb8f", app_id: "16ad21d8", context_name: "production" },
};
const deployClaims = { ...deployRule.claims, sub: "deployment:acme/web/production", aud: OWN };

async function start(trust: unknown[], options = {}, parts = {}) {
  const network = platformNetwork();
  const platform = await network.add("https://oidc.deno.com");
  const started = startIssuer({ issuer: OWN, fetch: network.fetch, ...options }, parts);
  await started.register({ trust });
  let serial = 0;
  const sign = (from: PlatformIssuer, claims: Record<string, unknown>) => {
    const iat = Math.floor(started.clock.now / 1000);
    return from.sign({ iat, exp: iat + 300, jti: `t${serial++}`, ...claims });
  };
  return { network, platform, started, sign };
}

function post(started: StartedIssuer, form: Record<string, string>): Promise<Response> {
  return started.get("/token", {
    method: "POST",
    body: new URLSearchParams({ audience, ...form }),
  });
}

function exchange(
  started: StartedIssuer,
  subject_token: string,
  more: Record<string, string> = {},
) {
  return post(started, {
    grant_type: exchangeType,
    subject_token,
    subject_token_type: jwtType,
    ...more,
  });
}

Deno.test("token exchange answers to the letter of RFC 8693 §2.2.1", async () => {
  const { started, platform, sign } = await start([deployRule]);
  const token = await sign(platform, {
    ...deployClaims,
    deployment_id: "c2f7",
    revision_id: "rh2r",
  });
  const response = await exchange(started, token);
  const { access_token, ...rest } = await response.json();
  assertEquals(rest, { issued_token_type: jwtType, token_type: "N_A", expires_in: 300 });
  assertEquals(response.headers.get("cache-control"), "no-store");
  const claims = decodeJwt(access_token);
  assertEquals(claims.sub, "deployment:acme/web/production/c2f7");
  assertEquals([claims.deployment_id, claims.revision_id, claims.aud], ["c2f7", "rh2r", audience]);
});

Deno.test("token exchange answers with an access token to those who ask for one", async () => {
  const { started, platform, sign } = await start([deployRule]);
  const type = "urn:ietf:params:oauth:token-type:access_token";
  const token = await sign(platform, deployClaims);
  const answer = await (await exchange(started, token, { requested_token_type: type })).json();
  assertEquals([answer.issued_token_type, answer.token_type], [type, "Bearer"]);
});

Deno.test("JWT bearer grant answers as RFC 6749 §5.1 and refuses as RFC 7523 §3.1", async () => {
  const { started, platform, sign } = await start([deployRule]);
  const assertion = await sign(platform, deployClaims);
  const { token_type, access_token } =
    await (await post(started, { grant_type: bearerType, assertion })).json();
  assertEquals([token_type, decodeJwt(access_token).aud], ["Bearer", audience]);
  const replay = await post(started, { grant_type: bearerType, assertion });
  assertEquals([replay.status, (await replay.json()).error], [400, "invalid_grant"]);
});

Deno.test("threat 20: a single-use token is exchanged once, on every isolate", async () => {
  const { started, platform, sign, network } = await start([deployRule]);
  const options = {
    issuer: OWN,
    kv: started.kv,
    now: () => started.clock.now,
    fetch: network.fetch,
  };
  await using other = startIssuer(options);
  const token = await sign(platform, deployClaims);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => exchange(at % 2 ? started : other, token)),
  );
  assertEquals(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers) await answer.body?.cancel();
  started.clock.now += 1000;
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 200);
});

Deno.test("a refused audience does not use a token up", async () => {
  const { started, platform, sign } = await start([deployRule]);
  await started.admin("PATCH", "workloads/web", { audiences: [audience] }, { "if-match": "*" });
  const token = await sign(platform, deployClaims);
  assertEquals((await exchange(started, token, { audience: "https://evil.test" })).status, 400);
  assertEquals((await exchange(started, token)).status, 200);
});

Deno.test("a lifetime that is refused does not use a token up", async () => {
  const { started, platform, sign } = await start([deployRule]);
  const token = await sign(platform, deployClaims);
  assertEquals((await exchange(started, token, { ttl: "99999" })).status, 400);
  assertEquals((await exchange(started, token)).status, 200);
});

Deno.test("a signing key that is not there does not use a token up", async () => {
  const { generateKey, ...parts } = signingParts();
  let broken = true;
  const { started, platform, sign } = await start([deployRule], {}, {
    ...parts,
    generateKey: (alg: Algorithm) =>
      broken ? Promise.reject(new Error("no randomness")) : generateKey!(alg),
  });
  const token = await sign(platform, deployClaims);
  assertEquals((await exchange(started, token)).status, 503);
  broken = false;
  started.clock.now += 60_000;
  assertEquals((await exchange(started, token)).status, 200);
});

Deno.test("a token that its platform hands out as a file is exchanged again and again", async () => {
  const { started, platform, sign } = await start([{ ...deployRule, singleUse: false }]);
  const token = await sign(platform, deployClaims);
  for (let count = 0; count < 3; count++) {
    assertEquals((await exchange(started, token)).status, 200);
  }
});

Deno.test("threat 51: every refused platform token looks alike to its bearer", async () => {
  const { started, platform, sign, network } = await start([deployRule]);
  const stranger = await network.add("https://evil.test");
  const used = await sign(platform, deployClaims);
  await (await exchange(started, used)).body?.cancel();
  const tokens = [
    used,
    await sign(platform, { ...deployClaims, app_id: "other" }),
    await sign(platform, { ...deployClaims, aud: "sts.amazonaws.com" }),
    await sign(platform, { ...deployClaims, exp: 1, iat: 0 }),
    await sign(stranger, deployClaims),
    await sign(stranger, { ...deployClaims, iss: platform.url }),
    used.slice(0, -2) + "AA",
    "not.a.token",
  ];
  const answers = [];
  for (const token of tokens) {
    const answer = await exchange(started, token);
    answers.push(JSON.stringify([answer.status, await answer.json()]));
  }
  assertEquals(new Set(answers).size, 1, answers.join("\n"));
  assertStringIncludes(answers[0]!, "invalid_request");
  assertEquals(stranger.requests.count, 0);
  assertEquals(network.strays, []);
});

Deno.test("token exchange refuses malformed requests before looking at the token", async () => {
  const { started } = await start([deployRule]);
  const good = { grant_type: exchangeType, subject_token: "a.b.c", subject_token_type: jwtType };
  const cases: [Record<string, string>, string][] = [
    [{ ...good, subject_token_type: "" }, "subject_token_type"],
    [
      { ...good, subject_token_type: "urn:ietf:params:oauth:token-type:saml2" },
      "subject_token_type",
    ],
    [{ ...good, subject_token: "" }, "subject_token is missing"],
    [{ ...good, actor_token: "x" }, "actor_token"],
    [
      { ...good, requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
      "requested_token_type",
    ],
    [{ grant_type: bearerType }, "assertion is missing"],
  ];
  for (const [form, expected] of cases) {
    const answer = await post(started, form);
    const body = await answer.json();
    assertEquals([answer.status, body.error], [400, "invalid_request"]);
    assertStringIncludes(body.error_description, expected);
  }
  const headers = { authorization: "Bearer x" };
  const both = await started.get("/token", {
    method: "POST",
    headers,
    body: new URLSearchParams({ audience, ...good }),
  });
  assertEquals((await both.json()).error_description, "Cannot authenticate in two ways at once");
});

Deno.test("an issuer that does not answer is a 503 worth a retry, and known keys outlive it", async () => {
  const { started, platform, sign, network } = await start([deployRule]);
  network.down = true;
  const refused = await exchange(started, await sign(platform, deployClaims));
  assertEquals([refused.status, (await refused.json()).error], [503, "temporarily_unavailable"]);
  assert(refused.headers.get("retry-after"));
  network.down = false;
  started.clock.now += 10_000;
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 200);
  network.down = true;
  started.clock.now += 20 * 60_000;
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 200);
});

Deno.test("threat 24: a rule taken away ends at once here and within 60 s elsewhere", async () => {
  const { started, platform, sign, network } = await start([deployRule]);
  const options = {
    issuer: OWN,
    kv: started.kv,
    now: () => started.clock.now,
    fetch: network.fetch,
  };
  await using other = startIssuer(options);
  assertEquals((await exchange(other, await sign(platform, deployClaims))).status, 200);
  const changed = await started.admin("PATCH", "workloads/web", { trust: [] }, { "if-match": "*" });
  assertEquals(changed.status, 200);
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 400);
  started.clock.now += 60_001;
  assertEquals((await exchange(other, await sign(platform, deployClaims))).status, 400);
});

Deno.test("a rule added on one isolate is in force at once there and within 60 s elsewhere", async () => {
  const { started, platform, sign, network } = await start([]);
  const options = {
    issuer: OWN,
    kv: started.kv,
    now: () => started.clock.now,
    fetch: network.fetch,
  };
  await using other = startIssuer(options);
  assertEquals((await exchange(other, await sign(platform, deployClaims))).status, 400);
  await started.admin("PATCH", "workloads/web", { trust: [deployRule] }, { "if-match": "*" });
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 200);
  started.clock.now += 60_001;
  assertEquals((await exchange(other, await sign(platform, deployClaims))).status, 200);
});

Deno.test("two workloads behind one token need a name; client_id gives it", async () => {
  const { started, platform, sign } = await start([deployRule]);
  await started.register({ id: "web-2", app: "web-2", trust: [deployRule] });
  assertEquals((await exchange(started, await sign(platform, deployClaims))).status, 400);
  for (const client_id of ["web", "web-2"]) {
    const answer = await exchange(started, await sign(platform, deployClaims), { client_id });
    assertEquals(decodeJwt((await answer.json()).access_token).workload, client_id);
  }
  const wrong = await exchange(started, await sign(platform, deployClaims), {
    client_id: "nobody",
  });
  assertEquals((await wrong.json()).error, "invalid_request");
});

Deno.test("explain tells an administrator which rule came nearest and what differed, and mints nothing", async () => {
  const { started, platform, sign, network } = await start([deployRule]);
  const explain = async (token: string) =>
    await (await started.admin("POST", "explain", { token })).json();
  const preview = await explain(await sign(platform, { ...deployClaims, context_name: "preview" }));
  assertEquals([preview.verdict, preview.reason], ["refused", "no_rule_matches"]);
  assertEquals(preview.nearest, {
    workload: "web",
    rule: 0,
    differences: [{ claim: "context_name", expected: "production", found: "preview" }],
  });
  const token = await sign(platform, deployClaims);
  assertEquals((await explain(token)).verdict, "accepted");
  assertEquals((await explain(token)).verdict, "accepted");
  assertEquals((await exchange(started, token)).status, 200);
  const stranger = await network.add("https://evil.test");
  assertEquals((await explain(await sign(stranger, deployClaims))).reason, "issuer_not_trusted");
  assertEquals(stranger.requests.count, 0);
  assertEquals((await explain("x")).verdict, "refused");
  assertEquals((await started.admin("POST", "explain", {})).status, 400);
});

Deno.test("administrators by platform token change workloads under their own name", async () => {
  const rule = {
    issuer: "https://ci.test",
    audience: OWN,
    claims: { project: "deploy" },
    singleUse: true,
  };
  const network = platformNetwork();
  const ci = await network.add("https://ci.test");
  await using started = startIssuer({
    ...{ issuer: OWN, adminToken: undefined, administrators: [rule], fetch: network.fetch },
  });
  const iat = Math.floor(started.clock.now / 1000);
  const sign = (claims: Record<string, unknown>) =>
    ci.sign({ iat, exp: iat + 300, aud: OWN, sub: "job:deploy", project: "deploy", ...claims });
  const token = await sign({});
  const send = (bearer: string, method: string, path: string, body?: unknown) =>
    started.get(`/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const web = { id: "web", org: "acme", app: "web", context: "production" };
  assertEquals((await send(token, "POST", "workloads", web)).status, 201);
  const { events } = await (await send(token, "GET", "audit")).json();
  assertEquals(events[0].actor, "https://ci.test job:deploy");
  for (
    const claims of [{ project: "other" }, { aud: "https://other.test" }, {
      exp: iat - 100,
      iat: iat - 400,
    }]
  ) {
    assertEquals((await send(await sign(claims), "GET", "workloads")).status, 401);
  }
});

Deno.test("tenants share a deployment and nothing else", async () => {
  const token = (name: string) => `${name}-admin-token-0123456789-0123456789`;
  const tenants = { acme: { adminToken: token("acme") }, globex: { adminToken: token("globex") } };
  await using started = startIssuer({ issuer: "https://host.test", tenants });
  const send = (
    tenant: string,
    admin: string,
    method = "GET",
    body?: unknown,
    path = "workloads",
  ) =>
    started.get(`/${tenant}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${token(admin)}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const web = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
  assertEquals((await send("acme", "acme", "POST", web)).status, 201);
  assertEquals((await send("globex", "globex", "POST", web)).status, 201);
  assertEquals((await send("acme", "globex")).status, 401);
  assertEquals((await started.admin("GET", "workloads/web")).status, 404);
  const added = await send(
    "acme",
    "acme",
    "POST",
    { type: "request_token" },
    "workloads/web/credentials",
  );
  const { secret } = await added.json();
  const ask = (path: string) =>
    started.get(`${path}/token?audience=vault`, { headers: { authorization: `Bearer ${secret}` } });
  const { value } = await (await ask("/acme")).json();
  assertEquals(decodeJwt(value).iss, "https://host.test/acme");
  assertEquals((await ask("/globex")).status, 401);
  assertEquals((await ask("")).status, 401);
  const kids = async (path: string) =>
    (await (await started.get(`${path}/.well-known/jwks.json`)).json()).keys.map((
      { kid }: { kid: string },
    ) => kid);
  const inserted = await started.get("/.well-known/oauth-authorization-server/acme");
  assertEquals((await inserted.json()).issuer, "https://host.test/acme");
  assertEquals((await started.get("/.well-known/openid-configuration")).status, 200);
  assertEquals((await started.get("/nobody/.well-known/openid-configuration")).status, 404);
  const stored = [];
  for await (const { key } of started.kv.list({ prefix: ["signet", "tenant", "acme"] })) {
    stored.push(key);
  }
  assert(stored.length > 0 && (await kids("/acme")).length === 2);
});

for (const [name, sample] of Object.entries(SAMPLES)) {
  Deno.test(`preset ${name} takes its documented token at the token endpoint and refuses the near misses`, async () => {
    const network = platformNetwork();
    const platform = await network.add(String(sample.claims.iss));
    await using started = startIssuer({ issuer: OWN, fetch: network.fetch });
    const [preset] = sample.presets;
    await started.register({ trust: [preset] });
    const iat = Math.floor(started.clock.now / 1000);
    const sign = (claims: Record<string, unknown>) =>
      platform.sign({ ...sample.claims, iat, exp: iat + 300, jti: crypto.randomUUID(), ...claims });
    const taken = await exchange(started, await sign({}));
    const body = await taken.json();
    assertEquals(taken.status, 200, body.error_description);
    const claims = decodeJwt(body.access_token);
    const deployment = sample.deploymentId === undefined ? "" : `/${sample.deploymentId}`;
    assertEquals(claims.sub, `deployment:acme/web/production${deployment}`);
    for (const [fact, value] of Object.entries(sample.facts)) {
      assertEquals(claims[fact], value, fact);
    }
    for (const [miss, change] of Object.entries(sample.misses)) {
      assertEquals((await exchange(started, await sign(change))).status, 400, miss);
    }
  });
}
