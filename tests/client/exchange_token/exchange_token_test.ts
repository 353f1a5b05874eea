import { assert, assertEquals, assertRejects } from "@std/assert";
import { TokenExchangeError } from "../../../client/exchange/exchange_error.ts";
import {
  exchangeToken,
  type ExchangeTokenOptions,
  tokenExchange,
} from "../../../client/exchange_token.ts";
import { type CloudIssuer, startCloudIssuer } from "../../_support/cloud_issuer.ts";
import {
  type FakeTokenEndpoint,
  fakeTokenEndpoint,
  type FakeTokenEndpointOptions,
} from "../../interop/fakes/token_endpoint.ts";

const origin = "https://auth.acme.test";
const urn = "urn:ietf:params:oauth";

interface Scene {
  issuer: CloudIssuer;
  server: FakeTokenEndpoint;
  clock: { now: number };
  base: ExchangeTokenOptions;
}

async function inScene(
  use: (scene: Scene) => Promise<void>,
  options: Partial<FakeTokenEndpointOptions> = {},
): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ now });
  const subject = "deployment:acme/web/production";
  const server = fakeTokenEndpoint({
    issuer: issuer.url,
    audience: origin,
    subject,
    now,
    ...options,
  });
  const base = {
    endpoint: `${origin}/oauth/token`,
    audience: origin,
    getIdToken: issuer.getIdToken,
    fetch: server.fetch,
    now,
    env: () => undefined,
    random: () => 0,
    sleep: (ms: number) => Promise.resolve(void (clock.now += ms)),
  };
  await use({ issuer, server, clock, base });
}

const rejected = async (work: () => Promise<unknown>): Promise<TokenExchangeError> =>
  await assertRejects(work, TokenExchangeError) as TokenExchangeError;

Deno.test("exchangeToken speaks RFC 8693 by default", () =>
  inScene(async ({ issuer, server, clock, base }) => {
    const { expiresAt, ...token } = await exchangeToken({
      ...base,
      parameters: { scope: "read", audience: "https://orders.acme.test" },
      ttl: 120,
    });
    assertEquals(token, {
      token: "tok.1",
      tokenType: "Bearer",
      issuedTokenType: `${urn}:token-type:access_token`,
      scope: "read",
    });
    assertEquals(expiresAt!.getTime() - clock.now, 3_600_000);
    const { subject_token, ...sent } = server.parameters[0]!;
    assert(subject_token);
    assertEquals(sent, {
      grant_type: `${urn}:grant-type:token-exchange`,
      subject_token_type: `${urn}:token-type:jwt`,
      audience: "https://orders.acme.test",
      scope: "read",
    });
    assertEquals(issuer.minted, [{ audience: origin, wishes: { ttl: 120 } }]);
  }));

Deno.test("exchangeToken speaks RFC 7523, as a form or as JSON", () =>
  inScene(async ({ server, base }) => {
    for (const format of ["form", "json"] as const) {
      await exchangeToken({ ...base, grant: "jwt-bearer", format });
    }
    for (const { assertion, ...sent } of server.parameters) {
      assert(assertion);
      assertEquals(sent, { grant_type: `${urn}:grant-type:jwt-bearer` });
    }
    assertEquals(server.parameters.length, 2);
  }));

Deno.test("exchangeToken speaks to services that made a shape of their own", () =>
  inScene(async ({ server, base }) => {
    const octo = await exchangeToken({
      ...base,
      endpoint: `${origin}/sts/exchange`,
      grant: "bearer",
      format: "query",
      parameters: { scope: "read", identity: "deploy" },
    });
    const tailnet = await exchangeToken({
      ...base,
      endpoint: `${origin}/api/v2/oauth/token-exchange`,
      tokenParameter: "jwt",
      parameters: { client_id: "T1", grant_type: "", subject_token_type: "" },
    });
    assertEquals([octo.token, tailnet.token], ["tok.1", "tok.2"]);
    assertEquals(server.parameters[0], { scope: "read", identity: "deploy" });
    assertEquals(Object.keys(server.parameters[1]!).sort(), ["client_id", "jwt"]);
  }));

Deno.test("exchangeToken exchanges anew each time; tokenExchange holds the token while fresh", () =>
  inScene(async ({ server, clock, base }) => {
    await exchangeToken(base);
    await exchangeToken(base);
    assertEquals(server.log.length, 2);
    const accessToken = tokenExchange(base);
    const [one, two] = await Promise.all([accessToken(), accessToken()]);
    await accessToken.prefetch();
    assertEquals(one, two);
    assertEquals(server.log.length, 3);
    clock.now += 3_600_000;
    assert((await accessToken()).token !== one.token);
  }));

Deno.test("tokenExchange does not hold a token whose end nobody states", () =>
  inScene(async ({ server, base }) => {
    const accessToken = tokenExchange(base);
    assertEquals((await accessToken()).expiresAt, undefined);
    await accessToken();
    assertEquals(server.log.length, 2);
  }, { seconds: null }));

Deno.test("tokenExchange reads the end of a JWT where the endpoint does not state it", () =>
  inScene(async ({ issuer, server, clock, base }) => {
    const body = { access_token: await issuer.mint("x"), token_type: "N_A" };
    server.faults.push(Response.json(body));
    const { expiresAt, tokenType } = await tokenExchange(base)();
    assertEquals(tokenType, "N_A");
    assert(Math.abs(expiresAt!.getTime() - clock.now - 300_000) <= 1_000);
  }));

Deno.test("exchangeToken retries 429 and 5xx, honors Retry-After, and nothing else", () =>
  inScene(async ({ server, clock, base }) => {
    const start = clock.now;
    server.faults.push(
      new Response(null, { status: 429, headers: { "retry-after": "7" } }),
      new Response(null, { status: 503 }),
    );
    await exchangeToken(base);
    assertEquals([server.log.length, clock.now - start], [3, 7_000]);
    server.faults.push(Response.json({ error: "invalid_request" }, { status: 400 }));
    assertEquals((await rejected(() => exchangeToken(base))).code, "invalid_request");
    assertEquals(server.log.length, 4);
  }));

Deno.test("exchangeToken tells a rejected identity from a scope that it may not have", () =>
  inScene(async ({ issuer, base }) => {
    const scope = await rejected(() => exchangeToken({ ...base, parameters: { scope: "admin" } }));
    assertEquals([scope.code, scope.vendorCode], ["access_denied", "invalid_scope"]);
    const mutations = [
      { aud: "x" },
      { aud: [origin, "x"] },
      { iss: "https://e.test" },
      { sub: "x" },
      { exp: 1_000 },
    ];
    for (const claims of mutations) {
      issuer.mutation = { claims };
      const error = await rejected(() => exchangeToken(base));
      assertEquals([error.code, error.vendorCode], ["id_token_rejected", "invalid_grant"]);
    }
  }));

Deno.test("exchangeToken never puts a token into an error or a URL", () =>
  inScene(async ({ issuer, server, base }) => {
    const token = await issuer.mint(origin);
    const body = { error: "invalid_grant", error_description: `bad ${token}` };
    server.faults.push(Response.json(body, { status: 400 }));
    const getIdToken = () => Promise.resolve(token);
    const error = await rejected(() => exchangeToken({ ...base, getIdToken }));
    assert(!error.message.includes(token.slice(0, 20)));
    const inUrl = () => exchangeToken({ ...base, format: "query" });
    await assertRejects(inUrl, TypeError, "Cannot use format");
  }));

Deno.test("exchangeToken refuses options out of bounds before any request", async () => {
  const base = { endpoint: origin, audience: origin };
  const bad: [ExchangeTokenOptions, string][] = [
    [{ ...base, endpoint: "http://auth.acme.test" }, "endpoint"],
    [{ ...base, audience: "" }, "audience"],
    [{ ...base, ttl: 0 }, "ttl"],
  ];
  for (const [options, name] of bad) {
    await assertRejects(() => exchangeToken(options), TypeError, `Cannot use ${name}`);
  }
});
