import { assert, assertEquals, assertRejects } from "@std/assert";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { claimsOf, envOf, fakeClock, jwt, requestToken, standIn } from "./_support.ts";

const AUDIENCE = "https://api.example/a b&c=d";

async function issuerStandIn(answer: (audience: string) => Response) {
  const server = standIn(({ query }) => answer(query.get("audience")!));
  const env = envOf({
    SIGNET_ISSUER: server.url,
    SIGNET_REQUEST_TOKEN: await requestToken(server.url),
  });
  return { server, client: createIdTokenClient({ env, sleep: () => Promise.resolve() }) };
}

function minted(server: { url: string }, audience: string): Response {
  const iat = Math.floor(Date.now() / 1000);
  return Response.json({ value: jwt({ iss: server.url, aud: audience, iat, exp: iat + 300 }) });
}

Deno.test("signet source asks as the request protocol says and returns the value", async () => {
  const { server, client } = await issuerStandIn((audience) => minted(server, audience));
  await using _ = server;
  using _client = client;

  const token = await client.getIdToken(AUDIENCE, {
    ttl: 600,
    roles: ["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"],
    sessionTags: ["app", "context"],
    sourceIdentity: "deployment_id",
  });

  assertEquals(claimsOf(token).aud, AUDIENCE);
  const request = server.received[0]!;
  assertEquals([request.method, request.path], ["GET", "/token"]);
  assertEquals(Object.fromEntries(request.query), {
    audience: AUDIENCE,
    ttl: "600",
    roles: "arn:aws:iam::1:role/a arn:aws:iam::1:role/b",
    session_tags: "app context",
    source_identity: "deployment_id",
  });
  assertEquals(
    request.headers.get("authorization"),
    `Bearer ${await requestToken(server.url)}`,
  );
  assertEquals(client.issuer, server.url);
});

const REFUSALS = [
  [401, { error: "invalid_client" }, "credential_refused", "signet credential add web"],
  [400, { error: "invalid_target" }, "audience_refused", '"audiences" of workload web'],
  [400, { error: "unauthorized_client" }, "credential_refused", "workload web"],
  [400, { error: "invalid_request", error_description: "no ttl" }, "request_refused", "no ttl"],
  [404, {}, "invalid_response", "Check SIGNET_ISSUER"],
  [200, { values: "x" }, "invalid_response", '"value"'],
  [429, { error: "slow_down" }, "rate_limited", "slow down"],
  [503, { error: "temporarily_unavailable" }, "unavailable", "failing"],
  [200, { value: "not.a" }, "invalid_token", "not a JWT"],
  [400, { error: "__proto__" }, "request_refused", "refused"],
] as const;

for (const [status, body, code, words] of REFUSALS) {
  Deno.test(`signet source answers ${code} when the issuer says ${status} ${JSON.stringify(body)}`, async () => {
    const { server, client } = await issuerStandIn(() => Response.json(body, { status }));
    await using _ = server;
    using _client = client;
    const error = await rejection(client.getIdToken(AUDIENCE));
    assertEquals(error.code, code);
    assert(error.message.includes(words), error.message);
    assertEquals(server.received.length, status === 429 || status === 503 ? 4 : 1);
  });
}

Deno.test("signet source never sends its token to another issuer, by plain http or after a redirect (threat 56)", async () => {
  await using target = standIn(() => Response.json({ value: "stolen" }));
  await using server = standIn(() => Response.redirect(`${target.url}/token`, 307));
  const token = await requestToken(server.url);
  const attempt = async (issuer: string) => {
    const env = envOf({ SIGNET_ISSUER: issuer, SIGNET_REQUEST_TOKEN: token });
    using client = createIdTokenClient({ env, sleep: () => Promise.resolve() });
    return (await rejection(client.getIdToken(AUDIENCE))).code;
  };

  assertEquals(await attempt(target.url), "issuer_mismatch");
  assertEquals(await attempt("http://issuer.example"), "invalid_configuration");
  assertEquals(await attempt("http://127.0.0.1.example"), "invalid_configuration");
  assertEquals(await attempt("https://user@issuer.example"), "invalid_configuration");
  assertEquals(server.received.length, 0);
  assertEquals(await attempt(server.url), "unexpected_redirect");
  assertEquals(server.received.length, 1);
  assertEquals(target.received.length, 0);
});

Deno.test("signet source accepts an issuer with a path and a trailing slash", async () => {
  await using server = standIn(() =>
    Response.json({ value: jwt({ iss: issuer, aud: AUDIENCE, exp: Date.now() / 1000 + 300 }) })
  );
  const issuer = `${server.url}/acme`;
  const env = envOf({ SIGNET_REQUEST_TOKEN: await requestToken(issuer) });
  using client = createIdTokenClient({ env, issuer: `${issuer}/` });
  await client.getIdToken(AUDIENCE);
  assertEquals(server.received[0]?.path, "/acme/token");
});

Deno.test("signet source refuses a token that another issuer minted", async () => {
  const { server, client } = await issuerStandIn((audience) =>
    minted({ url: "https://evil.example" }, audience)
  );
  await using _ = server;
  using _client = client;
  assertEquals((await rejection(client.getIdToken(AUDIENCE))).code, "issuer_mismatch");
});

Deno.test("signet source keeps its token out of every error (threat 57)", async () => {
  const url = "http://127.0.0.1:1";
  const secret = await requestToken(url);
  const leak = { error: secret, error_description: `${secret} ${jwt({ exp: 1 })}` };
  const answers: (() => Promise<Response>)[] = [
    () => Promise.resolve(Response.json(leak, { status: 400 })),
    () => Promise.resolve(new Response(secret)),
    () => Promise.resolve(Response.json(leak, { status: 500 })),
    () => Promise.reject(new TypeError("fetch failed")),
  ];
  for (const answer of answers) {
    for (const token of [secret, `${secret}\nx`, secret.slice(0, -1)]) {
      const env = envOf({ SIGNET_ISSUER: url, SIGNET_REQUEST_TOKEN: token });
      using client = createIdTokenClient({ env, fetch: answer, sleep: () => Promise.resolve() });
      const error = await rejection(client.getIdToken(AUDIENCE));
      const shown = Deno.inspect(error, { depth: 10 });
      assert(!shown.includes("AAAAAAAA") && !shown.includes("c2lnbmF0dXJl"), shown);
    }
  }
});

Deno.test("signet source compensates a clock that is wrong by the answer's Date", async () => {
  for (const skewMs of [-3_600_000, 0, 3_600_000]) {
    const server = fakeClock();
    const local = () => server.now() + skewMs;
    let requests = 0;
    const fetch = () => {
      requests++;
      const iat = Math.floor(server.now() / 1000);
      const value = jwt({ iss: "https://i.example", aud: AUDIENCE, iat, exp: iat + 300 });
      const headers = { date: new Date(server.now()).toUTCString() };
      return Promise.resolve(Response.json({ value }, { headers }));
    };
    const env = envOf({
      SIGNET_ISSUER: "https://i.example",
      SIGNET_REQUEST_TOKEN: await requestToken("https://i.example"),
    });
    using client = createIdTokenClient({ env, fetch, now: local, random: () => 0.5 });
    await client.getIdToken(AUDIENCE);
    server.advance(200_000);
    await client.getIdToken(AUDIENCE);
    assertEquals(requests, 1);
    server.advance(71_000);
    await client.getIdToken(AUDIENCE);
    assertEquals(requests, 2);
  }
});

Deno.test("signet source sends the token endpoint nothing twice after Retry-After asks for long", async () => {
  const { server, client } = await issuerStandIn(() =>
    new Response(null, { status: 429, headers: { "retry-after": "3600" } })
  );
  await using _ = server;
  using _client = client;
  const error = await rejection(client.getIdToken(AUDIENCE));
  assertEquals([error.code, error.retryAfterMs], ["rate_limited", 3_600_000]);
  assertEquals(server.received.length, 1);
});

async function rejection(promise: Promise<unknown>): Promise<IdTokenError> {
  const error = await assertRejects(() => promise, IdTokenError);
  return error as IdTokenError;
}
