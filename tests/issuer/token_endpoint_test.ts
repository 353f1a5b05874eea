import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";
import { storedText, storedValue } from "../_support/stored_value.ts";

const audience = "https://api.acme.test";

async function verify(started: StartedIssuer, token: string) {
  const jwks = await (await started.get("/.well-known/jwks.json")).json();
  return jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: started.url,
    audience,
    currentDate: new Date(started.clock.now),
  });
}

async function refusal(response: Response) {
  assertEquals(response.headers.get("cache-control"), "no-store");
  const body = await response.json();
  return {
    status: response.status,
    error: body.error,
    description: body.error_description as string,
  };
}

Deno.test("token endpoint answers GitHub's request protocol with a token that jose verifies", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  assertMatch(secret, /^signet_rt_[\w-]{8}_web_[\w-]{43}$/);
  const response = await started.token(secret, { audience });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("cache-control"), "no-store");
  const body = await response.json();
  assertEquals(Object.keys(body), ["value"]);
  const { payload, protectedHeader } = await verify(started, body.value);
  assertEquals(payload.sub, "deployment:acme/web/production");
  assertEquals(protectedHeader.typ, "JWT");
  assertEquals(Object.keys(protectedHeader).sort(), ["alg", "kid", "typ"]);
});

Deno.test("token endpoint answers client_credentials as RFC 6749 §5.1 says", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const response = await started.get("/token", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: new URLSearchParams({ grant_type: "client_credentials", audience, ttl: "900" }),
  });
  const { access_token, ...rest } = await response.json();
  assertEquals(rest, { token_type: "Bearer", expires_in: 900 });
  await verify(started, access_token);
});

Deno.test("token endpoint gives every token a jti of its own", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const ids = await Promise.all(Array.from({ length: 20 }, async () => {
    const { value } = await (await started.token(secret, { audience })).json();
    return (await verify(started, value)).payload.jti;
  }));
  assertEquals(new Set(ids).size, 20);
});

Deno.test("token endpoint puts the deployment of a credential into sub", async () => {
  await using started = startIssuer();
  const secret = await started.register({}, { deployment: "rh2r15" });
  const { value } = await (await started.token(secret, { audience })).json();
  const { payload } = await verify(started, value);
  assertEquals(payload.sub, "deployment:acme/web/production/rh2r15");
  assertEquals(payload.deployment_id, "rh2r15");
});

Deno.test("token endpoint keeps to the allow-lists of workload and credential", async () => {
  await using started = startIssuer();
  const secret = await started.register({ audiences: ["https://api.acme.test", "vault"] }, {
    audiences: ["vault"],
  });
  assertEquals((await started.token(secret, { audience: "vault" })).status, 200);
  for (const other of [audience, "https://evil.test"]) {
    const { status, error } = await refusal(await started.token(secret, { audience: other }));
    assertEquals([status, error], [400, "invalid_target"]);
  }
});

Deno.test("threat 51: token endpoint answers every bad credential alike", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const expired = await started.register(
    { id: "old", app: "old" },
    { expiresIn: 60 },
  );
  started.clock.now += 61_000;
  const unknown = secret.replace("_web_", "_nobody_");
  const wrong = secret.slice(0, -4) + "AAAA";
  const answers = [];
  for (const token of [unknown, wrong, expired, "signet_rt_x", "eyJhbGciOiJub25lIn0.e30."]) {
    const response = await started.token(token, { audience });
    answers.push(
      JSON.stringify([
        response.status,
        response.headers.get("www-authenticate"),
        await response.json(),
      ]),
    );
  }
  assertEquals(new Set(answers).size, 1, answers.join("\n"));
  assertStringIncludes(answers[0]!, "invalid_client");
  assertStringIncludes(answers[0]!, "401");
});

Deno.test("threat 54: the stored hash of a request token does not authenticate", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const text = await storedText(started.kv);
  assert(text.includes(`"sha256"`) && !text.includes(secret.slice(-43)), "the secret is stored");
  const record = await storedValue(started.kv, ["signet", "workload", "web"]) as {
    credentials: { sha256: string }[];
  };
  const { status } = await refusal(
    await started.token(record.credentials[0]!.sha256, { audience }),
  );
  assertEquals(status, 401);
});

Deno.test("threat 44: token endpoint refuses two credentials in one request", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  for (
    const authorization of [
      `Bearer ${secret}, Bearer ${secret}`,
      `Basic ${secret}`,
      `Bearer a b`,
      "Bearer ",
    ]
  ) {
    const response = await started.get(`/token?audience=${audience}`, {
      headers: { authorization },
    });
    assertEquals((await refusal(response)).status, 401, authorization);
  }
});

Deno.test("token endpoint refuses malformed requests with an OAuth error that says what to do", async () => {
  await using started = startIssuer();
  const secret = await started.register({ maxTtlSeconds: 600 });
  const post = (body: string, headers: Record<string, string> = {}, query = "") =>
    started.get(`/token${query}`, {
      method: "POST",
      body,
      headers: {
        authorization: `Bearer ${secret}`,
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
    });
  const good = `grant_type=client_credentials&audience=${encodeURIComponent(audience)}`;
  const cases: [Promise<Response>, number, string][] = [
    [started.token(secret, {}), 400, "invalid_request"],
    [started.token(secret, { audience: "https://tokens.test/token" }), 400, "invalid_target"],
    [started.token(secret, { audience, ttl: "601" }), 400, "invalid_request"],
    [started.get(`/token?audience=a&audience=b`, {}), 400, "invalid_request"],
    [post(good + "&audience=b"), 400, "invalid_request"],
    [post(good, {}, "?audience=a"), 400, "invalid_request"],
    [post(good, { "content-type": "application/json" }), 400, "invalid_request"],
    [post(good, { "content-type": "text/plain" }), 400, "invalid_request"],
    [post("audience=a"), 400, "invalid_request"],
    [post("grant_type=password&audience=a"), 400, "unsupported_grant_type"],
    [post(good + "&client_secret=x"), 400, "invalid_request"],
    [post(good + "&x=" + "y".repeat(70_000)), 400, "invalid_request"],
    [post(good + "&x=\u00e9"), 400, "invalid_request"],
  ];
  for (const [answer, status, error] of cases) {
    const found = await refusal(await answer);
    assertEquals([found.status, found.error], [status, error], found.description);
    assertMatch(found.description, /^Cannot /);
    assert(!found.description.includes(secret));
  }
});

Deno.test("threat 53: token endpoint takes no secret from a URL", async () => {
  const events: string[] = [];
  await using started = startIssuer({
    onEvent: (event) => void events.push(JSON.stringify(event)),
  });
  const secret = await started.register();
  const names = ["access_token", "assertion", "client_assertion", "client_secret"];
  for (const name of [...names, "subject_token", "token"]) {
    // A sound credential in the header does not make it better.
    const response = await started.token(secret, { audience: "a", [name]: "canary-in-the-url" });
    assertEquals([response.status, response.headers.get("allow")], [405, "POST"], name);
    assert(!(await response.text()).includes("canary"), name);
    const posted = await started.get(`/token?${name}=canary-in-the-url`, { method: "POST" });
    assertEquals(posted.status, 400, name);
    assert(!(await posted.text()).includes("canary"), name);
  }
  assert(events.length >= 12 && !events.some((event) => event.includes("canary")));
});

Deno.test("token endpoint signs with the algorithm of the audience's profile", async () => {
  const profiles = [
    { name: "mesh", audiences: ["https://*.mesh.test"], alg: "ES256" as const },
    {
      name: "edge",
      audiences: ["https://*.edge.test"],
      alg: "EdDSA" as const,
      subject: "w:{workload}",
    },
  ];
  await using started = startIssuer({ profiles });
  const secret = await started.register();
  for (
    const [audience, alg] of [["https://a.mesh.test", "ES256"], ["https://a.edge.test", "EdDSA"], [
      "x",
      "RS256",
    ]]
  ) {
    const { value } = await (await started.token(secret, { audience: audience! })).json();
    assertEquals(decodeProtectedHeader(value).alg, alg);
    const jwks = await (await started.get("/.well-known/jwks.json")).json();
    const { payload } = await jwtVerify(value, createLocalJWKSet(jwks), {
      currentDate: new Date(started.clock.now),
    });
    assertEquals(payload.sub, alg === "EdDSA" ? "w:web" : "deployment:acme/web/production");
  }
});

Deno.test("token endpoint reports each decision without the token", async () => {
  const events: unknown[] = [];
  await using started = startIssuer({
    onEvent: (event) => event.type === "token" && events.push(event),
  });
  const secret = await started.register();
  const { value } = await (await started.token(secret, { audience })).json();
  await (await started.token(secret + "x", { audience })).body?.cancel();
  assertEquals(events.length, 2);
  const text = JSON.stringify(events);
  assert(!text.includes(value) && !text.includes(secret) && !text.includes(value.split(".")[2]));
  const [issued, refused] = events as Record<string, string>[];
  assertEquals([issued!.decision, issued!.workload, issued!.audience], ["issued", "web", audience]);
  assertMatch(issued!.token_sha256!, /^[0-9a-f]{64}$/);
  assertEquals([refused!.decision, refused!.error], ["refused", "invalid_client"]);
});

Deno.test("token endpoint makes no KV call in steady state", async () => {
  const { memoryKv } = await import("../../kv/memory_kv.ts");
  const inner = memoryKv();
  let calls = 0;
  const counted = new Proxy(inner, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        if (["get", "getMany", "list", "atomic"].includes(String(name))) calls++;
        return Reflect.apply(member, target, args);
      };
    },
  });
  await using started = startIssuer({ kv: counted });
  const secret = await started.register();
  await (await started.token(secret, { audience })).body?.cancel();
  const before = calls;
  for (let count = 0; count < 20; count++) {
    await (await started.token(secret, { audience })).body?.cancel();
  }
  assertEquals(calls, before);
});
