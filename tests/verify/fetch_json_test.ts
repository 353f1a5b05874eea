import { assertEquals, assertRejects } from "@std/assert";
import { createVerifier, type VerifierOptions } from "../../verify/mod.ts";
import { fetchJson } from "../../verify/fetch_json.ts";
import {
  AUDIENCE,
  fakeIssuer,
  goodClaims,
  ISSUER,
  NOW,
  refusalOf,
  signToken,
  testKey,
} from "./_support.ts";

const key = await testKey("ES256", "k1");

async function outcome(options: Partial<VerifierOptions>): Promise<string> {
  const { issuer = ISSUER } = options;
  const verifier = createVerifier({
    issuer,
    audience: AUDIENCE,
    algorithms: ["ES256"],
    now: () => NOW,
    ...options,
  });
  return await refusalOf(verifier.verify(await signToken(key, goodClaims({ iss: issuer }))));
}

Deno.test("threat 37: discovery must name the issuer byte for byte", async () => {
  for (
    const named of [`${ISSUER}/`, ISSUER.toUpperCase(), "https://evil.test", undefined, [ISSUER]]
  ) {
    const fake = fakeIssuer(ISSUER, [key.jwk]);
    fake.fault = () => Response.json({ issuer: named, jwks_uri: `${ISSUER}/jwks` });
    assertEquals(await outcome({ fetch: fake.fetch }), "keys_unavailable");
    assertEquals(fake.urls.length, 1);
  }
});

Deno.test("threat 37: keys on another host are fetched only where that host is configured", async () => {
  const fetchFrom = (jwksUri: unknown) => {
    const asked: string[] = [];
    const fetch = ((url: string) => {
      asked.push(url);
      const document = url.endsWith("openid-configuration")
        ? { issuer: ISSUER, jwks_uri: jwksUri }
        : { keys: [key.jwk] };
      return Promise.resolve(Response.json(document));
    }) as typeof globalThis.fetch;
    return { asked, fetch };
  };
  const refused = [
    "https://keys.test/jwks",
    `${ISSUER}:8443/jwks`,
    "http://id.example.test/jwks",
    "https://u:p@id.example.test/jwks",
    "data:application/json,{}",
    "file:///etc/passwd",
    "jwks",
    1,
    undefined,
  ];
  for (const jwksUri of refused) {
    const { asked, fetch } = fetchFrom(jwksUri);
    assertEquals(await outcome({ fetch }), "keys_unavailable", String(jwksUri));
    assertEquals(asked.length, 1, String(jwksUri));
  }
  const allowed = fetchFrom("https://keys.test/jwks");
  assertEquals(await outcome({ fetch: allowed.fetch, jwksHosts: ["keys.test"] }), "accepted");
});

Deno.test("threat 40: requests to the issuer carry no credentials", async () => {
  const fake = fakeIssuer(ISSUER, [key.jwk]);
  assertEquals(await outcome({ fetch: fake.fetch }), "accepted");
  for (const request of fake.requests) {
    assertEquals([...request.headers.keys()], ["accept"]);
    assertEquals(request.redirect, "error");
    assertEquals(request.method, "GET");
  }
});

Deno.test("threat 4: no header and no claim of a token ever causes a request", async () => {
  const fake = fakeIssuer(ISSUER, [key.jwk]);
  const verifier = createVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["ES256"],
    fetch: fake.fetch,
    now: () => NOW,
  });
  const hostile = [
    await signToken(key, goodClaims(), { jku: "https://evil.test/jwks" }),
    await signToken(key, goodClaims(), { x5u: "https://evil.test/x" }),
    await signToken(key, goodClaims({ iss: "https://evil.test" })),
    await signToken(key, goodClaims({ aud: "https://evil.test" })),
    await signToken(key, goodClaims({ exp: 1 })),
    await signToken(key, goodClaims(), { alg: "HS256" }),
  ];
  for (const token of hostile) await refusalOf(verifier.verify(token), token);
  assertEquals(fake.urls, []);
});

Deno.test("threat 36: checkUrl sees every URL first and can forbid it", async () => {
  const fake = fakeIssuer(ISSUER, [key.jwk]), seen: string[] = [];
  const checkUrl = (url: URL) => {
    seen.push(url.href);
    if (url.pathname === "/jwks") throw new Error("forbidden");
  };
  assertEquals(await outcome({ fetch: fake.fetch, checkUrl }), "keys_unavailable");
  assertEquals(seen, [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/jwks`]);
  assertEquals(fake.urls, [`${ISSUER}/.well-known/openid-configuration`]);
});

Deno.test("threat 38: a redirect is an error, and its target is never asked", async () => {
  const asked: string[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return Response.redirect(new URL("/elsewhere", request.url), 302);
  });
  const issuer = `http://127.0.0.1:${server.addr.port}`;
  assertEquals(await outcome({ issuer }), "keys_unavailable");
  assertEquals(asked, ["/.well-known/openid-configuration"]);
});

Deno.test("fetchJson gives up at its deadline, before or within the body, even on a deaf fetch", async () => {
  const never = new Promise<Response>(() => {});
  const silent = new Response(
    new ReadableStream({ start: (sink) => sink.enqueue(new Uint8Array(1)) }),
  );
  for (const answer of [never, Promise.resolve(silent)]) {
    await assertRejects(
      () => fetchJson(new URL(ISSUER), { fetch: () => answer, timeoutMs: 20 }),
      Error,
      "no answer within 20 ms",
    );
  }
  let asked = false;
  const late = {
    fetch: () => (asked = true, never),
    checkUrl: () => new Promise<void>((resolve) => setTimeout(resolve, 40)),
    timeoutMs: 20,
  };
  await assertRejects(() => fetchJson(new URL(ISSUER), late), Error, "no answer within 20 ms");
  await new Promise((resolve) => setTimeout(resolve, 40));
  assertEquals(asked, false, "a check that ends after the deadline asks nobody");
});

Deno.test("createVerifier finds the keys of an issuer with a path, and by a configured URL", async () => {
  const issuer = `${ISSUER}/tenant`, fake = fakeIssuer(issuer, [key.jwk]);
  assertEquals(await outcome({ issuer, fetch: fake.fetch }), "accepted");
  assertEquals(fake.urls[0], `${issuer}/.well-known/openid-configuration`);
  const direct = fakeIssuer(ISSUER, [key.jwk]);
  assertEquals(
    await outcome({ fetch: direct.fetch, jwksUri: "https://keys.test/all" }),
    "accepted",
  );
  assertEquals(direct.urls, ["https://keys.test/all"]);
});
