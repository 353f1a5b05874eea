import { assert, assertEquals, assertRejects } from "@std/assert";
import { createLocalJWKSet, jwtVerify } from "jose";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { claimsOf, emptyRuntime, envOf, jwt, type Received, standIn } from "./_support.ts";

const AUDIENCE = "sts.amazonaws.com";

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function issuerStandIn(refuse?: (form: URLSearchParams) => Response | undefined) {
  const server = standIn(({ body }: Received) => {
    const form = new URLSearchParams(body);
    const claims = { iss: server.url, aud: form.get("audience"), exp: seconds() + 300 };
    return refuse?.(form) ?? Response.json({
      access_token: jwt(claims),
      issued_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_type: "N_A",
      expires_in: 300,
    });
  });
  return server;
}

async function refused(promise: Promise<unknown>): Promise<IdTokenError> {
  return await assertRejects(() => promise, IdTokenError) as IdTokenError;
}

Deno.test("exchanged source trades the platform's token at the issuer (RFC 8693)", async () => {
  await using issuer = issuerStandIn();
  await using actions = standIn(({ query }) =>
    Response.json({ value: jwt({ aud: query.get("audience"), exp: seconds() + 300 }) })
  );
  using client = createIdTokenClient({
    env: envOf({
      SIGNET_ISSUER: issuer.url,
      SIGNET_WORKLOAD: "web",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${actions.url}/?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    }),
  });
  const options = { ttl: 900, roles: ["arn:aws:iam::1:role/a"], sessionTags: ["app"] };
  const token = await client.getIdToken(AUDIENCE, options);
  assertEquals(await client.getIdToken(AUDIENCE, options), token);

  assertEquals(actions.received.map(({ query }) => query.get("audience")), [issuer.url]);
  assertEquals(issuer.received.length, 1);
  const request = issuer.received[0]!;
  assertEquals([request.method, request.path], ["POST", "/token"]);
  assertEquals(request.headers.get("content-type"), "application/x-www-form-urlencoded");
  const { subject_token, ...form } = Object.fromEntries(new URLSearchParams(request.body));
  assertEquals(claimsOf(subject_token!).aud, issuer.url);
  assertEquals(form, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience: AUDIENCE,
    ttl: "900",
    roles: "arn:aws:iam::1:role/a",
    session_tags: "app",
    client_id: "web",
  });
  assertEquals(claimsOf(token).iss, issuer.url);
});

Deno.test("exchanged source presents a fresh platform token at each try, since it may be single-use", async () => {
  let count = 0;
  await using issuer = issuerStandIn(() =>
    ++count === 1 ? new Response(null, { status: 503 }) : undefined
  );
  let minted = 0;
  using client = createIdTokenClient({
    issuer: issuer.url,
    source: (aud) => jwt({ aud, exp: seconds() + 300, jti: String(minted++) }),
    sleep: () => Promise.resolve(),
  });
  await client.getIdToken(AUDIENCE);
  const presented = issuer.received.map(({ body }) =>
    new URLSearchParams(body).get("subject_token")
  );
  assertEquals(new Set(presented).size, 2);
});

Deno.test("exchanged source never sends a token for another audience, unless the operator names it", async () => {
  await using issuer = issuerStandIn();
  const held = jwt({ aud: "ari:cloud:bitbucket::workspace/1", exp: seconds() + 300 });
  const env = { SIGNET_ISSUER: issuer.url, BITBUCKET_STEP_OIDC_TOKEN: held };
  using client = createIdTokenClient({ env: envOf(env), runtime: emptyRuntime() });
  const error = await refused(client.getIdToken(AUDIENCE));
  assertEquals(error.code, "audience_unavailable");
  assert(error.message.includes("SIGNET_PLATFORM_AUDIENCE"), error.message);
  assertEquals(issuer.received.length, 0);
  const named = { ...env, SIGNET_PLATFORM_AUDIENCE: "ari:cloud:bitbucket::workspace/1" };
  using allowed = createIdTokenClient({ env: envOf(named) });
  await allowed.getIdToken(AUDIENCE);
  using careless = createIdTokenClient({ issuer: issuer.url, source: () => held });
  assertEquals((await refused(careless.getIdToken(AUDIENCE))).code, "audience_unavailable");
  assertEquals(issuer.received.length, 1);
});

Deno.test("exchanged source explains invalid_grant by the trust rules and hides the token", async () => {
  const held = jwt({ aud: "x", exp: seconds() + 300 });
  await using issuer = issuerStandIn(() =>
    Response.json({ error: "invalid_grant", error_description: `bad ${held}` }, { status: 400 })
  );
  const subject = jwt({ aud: issuer.url, exp: seconds() + 300 });
  using client = createIdTokenClient({ issuer: issuer.url, source: () => subject });
  const error = await refused(client.getIdToken(AUDIENCE));
  assertEquals(error.code, "exchange_refused");
  assert(error.message.includes('"signet explain <token>"'), error.message);
  assert(!error.message.includes("eyJ"), error.message);
});

Deno.test("roles, sessionTags and sourceIdentity need a Signet issuer", async () => {
  const source = (aud: string) => jwt({ aud, exp: seconds() + 300 });
  using client = createIdTokenClient({ source, env: envOf({}) });
  for (const options of [{ roles: ["r"] }, { sessionTags: ["t"] }, { sourceIdentity: "c" }]) {
    const error = await refused(client.getIdToken(AUDIENCE, options));
    assertEquals(error.code, "unsupported_option");
    assert(error.message.includes(Object.keys(options)[0]!), error.message);
  }
  await client.getIdToken(AUDIENCE, { ttl: 60, roles: [] });
});

const ALGORITHMS = [
  ["RS256", {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  }],
  ["ES256", { name: "ECDSA", namedCurve: "P-256" }],
  ["EdDSA", { name: "Ed25519" }],
] as const;

for (const [alg, algorithm] of ALGORITHMS) {
  Deno.test(`private-key source signs its assertion with ${alg} (RFC 7523)`, async () => {
    const usages: KeyUsage[] = ["sign", "verify"];
    const pair = await crypto.subtle.generateKey(algorithm, true, usages) as CryptoKeyPair;
    const privateJwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
    const publicJwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
    await using issuer = issuerStandIn();
    const jwk = { ...privateJwk, kid: "key-1", use: "sig", alg, workload: "web", key_ops: [] };
    const env = envOf({ SIGNET_ISSUER: issuer.url, SIGNET_PRIVATE_KEY: JSON.stringify(jwk) });
    using client = createIdTokenClient({ env });
    await client.getIdToken(AUDIENCE);
    await client.getIdToken("https://api.example");

    const keys = createLocalJWKSet({ keys: [{ ...publicJwk, kid: "key-1", alg } as never] });
    const seen = new Set<unknown>();
    for (const { body } of issuer.received) {
      const { client_assertion, ...form } = Object.fromEntries(new URLSearchParams(body));
      assertEquals({ ...form, audience: "" }, {
        grant_type: "client_credentials",
        client_id: "web",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        audience: "",
      });
      const options = { issuer: "web", subject: "web", maxTokenAge: 60, algorithms: [alg] };
      const { payload, protectedHeader } = await jwtVerify(client_assertion!, keys, options);
      assertEquals(payload.aud, issuer.url);
      assertEquals(protectedHeader.kid, "key-1");
      assertEquals(payload.exp! - payload.iat!, 60);
      seen.add(payload.jti);
    }
    assertEquals(seen.size, 2);
  });
}

Deno.test("private-key source corrects its clock by the issuer's and tries once more", async () => {
  const usages: KeyUsage[] = ["sign", "verify"];
  const pair = await crypto.subtle.generateKey(ALGORITHMS[2][1], true, usages) as CryptoKeyPair;
  const jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  await using issuer = issuerStandIn((form) => {
    const { iat } = claimsOf(form.get("client_assertion")!);
    return Math.abs(iat! - seconds()) > 60
      ? Response.json({ error: "invalid_client" }, { status: 401 })
      : undefined;
  });
  const env = envOf({
    SIGNET_ISSUER: issuer.url,
    SIGNET_WORKLOAD: "web",
    SIGNET_PRIVATE_KEY: JSON.stringify(jwk),
  });
  using client = createIdTokenClient({ env, now: () => Date.now() - 600_000 });
  await client.getIdToken(AUDIENCE);
  await client.getIdToken("https://api.example");
  assertEquals(issuer.received.length, 3);
});

Deno.test("private-key source says what is wrong with the key without showing it", async () => {
  const faults = [
    ["{", "not a private JWK"],
    ['{"kty":"OKP","crv":"Ed25519","x":"AAAA"}', "not a private JWK"],
    ['{"kty":"OKP","crv":"Ed25519","d":"SECRET"}', "SIGNET_WORKLOAD"],
    ['{"kty":"EC","crv":"P-521","d":"SECRET","workload":"web"}', "not RSA, P-256 or Ed25519"],
    ['{"kty":"EC","crv":"P-256","d":"SECRET","workload":"web"}', "do not make a key"],
    ['{"kty":"RSA","alg":"PS256","d":"SECRET","workload":"web"}', '"alg" is not RS256'],
  ] as const;
  for (const [key, words] of faults) {
    const env = envOf({ SIGNET_ISSUER: "https://i.example", SIGNET_PRIVATE_KEY: key });
    using client = createIdTokenClient({ env });
    const error = await refused(client.getIdToken(AUDIENCE));
    assertEquals(error.code, "invalid_configuration");
    assert(error.message.includes(words), error.message);
    assert(!Deno.inspect(error).includes("SECRET"));
  }
});
