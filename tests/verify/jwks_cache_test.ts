import { assertEquals } from "@std/assert";
import { createVerifier, type VerifierOptions } from "../../verify/mod.ts";
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

const first = await testKey("ES256", "first"), second = await testKey("ES256", "second");
const MINUTE = 60_000;

function setUp(options: Partial<VerifierOptions> = {}) {
  const issuer = fakeIssuer(ISSUER, [first.jwk]), clock = { ms: NOW };
  const verifier = createVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["ES256"],
    fetch: issuer.fetch,
    now: () => clock.ms,
    ...options,
  });
  const verify = async (key = first, kid = key.kid) => {
    const seconds = Math.floor(clock.ms / 1000);
    const claims = goodClaims({ iat: seconds, nbf: seconds, exp: seconds + 300 });
    return await refusalOf(verifier.verify(await signToken(key, claims, { kid })));
  };
  const jwksRequests = () => issuer.urls.filter((url) => url.endsWith("/jwks")).length;
  return { issuer, clock, verify, jwksRequests };
}

Deno.test("verifier asks discovery and keys once for many tokens at once", async () => {
  const issuer = fakeIssuer(ISSUER, [first.jwk]), token = await signToken(first);
  const gate = Promise.withResolvers<void>();
  const verifier = createVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["ES256"],
    now: () => NOW,
    fetch: (url, init) => gate.promise.then(() => issuer.fetch(url, init)),
  });
  const outcomes = Array.from({ length: 20 }, () => refusalOf(verifier.verify(token)));
  gate.resolve();
  assertEquals(await Promise.all(outcomes), Array(20).fill("accepted"));
  assertEquals(issuer.urls, [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/jwks`]);
});

Deno.test("threat 67: verifier stops trusting a removed key within ten minutes", async () => {
  const { issuer, clock, verify } = setUp();
  issuer.headers = { "cache-control": "public, max-age=86400" };
  assertEquals(await verify(), "accepted");
  issuer.keys = [second.jwk];
  clock.ms += 10 * MINUTE - 1;
  assertEquals(await verify(), "accepted");
  clock.ms += 1;
  assertEquals(await verify(), "key_not_found");
  assertEquals(await verify(second), "accepted");
});

Deno.test("verifier refreshes earlier where the issuer's max-age says so, never below 30 s", async () => {
  for (
    const [header, freshMs] of [["max-age=60", MINUTE], ["no-store", 30_000], [
      "max-age=0",
      30_000,
    ]] as const
  ) {
    const { issuer, clock, verify, jwksRequests } = setUp();
    issuer.headers = { "cache-control": header };
    await verify();
    clock.ms += freshMs - 1;
    await verify();
    assertEquals(jwksRequests(), 1, header);
    clock.ms += 1;
    await verify();
    assertEquals(jwksRequests(), 2, header);
  }
});

Deno.test("threat 39: a flood of unknown kids causes one request per 30 s", async () => {
  const { clock, verify, jwksRequests } = setUp();
  await verify();
  for (let i = 0; i < 50; i++) assertEquals(await verify(first, `unknown-${i}`), "key_not_found");
  assertEquals(jwksRequests(), 1);
  clock.ms += 30_000;
  await Promise.all(Array.from({ length: 50 }, (_, i) => verify(first, `unknown-${i}`)));
  assertEquals(jwksRequests(), 2);
});

Deno.test("verifier finds a key published after its copy, once the cooldown has passed", async () => {
  const { issuer, clock, verify } = setUp();
  await verify();
  issuer.keys = [first.jwk, second.jwk];
  assertEquals(await verify(second), "key_not_found");
  clock.ms += 30_000;
  assertEquals(await verify(second), "accepted");
});

Deno.test("threat 69: verifier keeps the last good keys for an hour while the issuer fails", async () => {
  const { issuer, clock, verify, jwksRequests } = setUp();
  await verify();
  issuer.fault = () => new Response("down", { status: 503 });
  clock.ms += 10 * MINUTE;
  assertEquals(await verify(), "accepted");
  const requests = issuer.urls.length;
  for (let i = 0; i < 10; i++) assertEquals(await verify(), "accepted");
  assertEquals(issuer.urls.length, requests);
  clock.ms = NOW + 60 * MINUTE - 1;
  assertEquals(await verify(), "accepted");
  clock.ms = NOW + 60 * MINUTE;
  assertEquals(await verify(), "keys_unavailable");
  issuer.fault = undefined;
  clock.ms += 5_000;
  assertEquals(await verify(), "accepted");
  assertEquals(jwksRequests() >= 2, true);
});

Deno.test("verifier holds nobody up while a failing issuer hangs, and waits for it after a pause", async () => {
  const { issuer, clock, verify } = setUp();
  await verify();
  issuer.fault = () => new Response("down", { status: 503 });
  clock.ms += 10 * MINUTE;
  assertEquals(await verify(), "accepted");
  const answer = Promise.withResolvers<Response>();
  issuer.fault = () => answer.promise;
  clock.ms += 31_000;
  const requests = issuer.urls.length;
  const deadline = Promise.withResolvers<string>();
  const timer = setTimeout(deadline.resolve, 4_000, "held up");
  // With a wait for the answer, which comes only below, they would end at the fetch's deadline of 5 s.
  const outcomes = Promise.all([verify(), verify()]);
  assertEquals(await Promise.race([outcomes, deadline.promise]), ["accepted", "accepted"]);
  clearTimeout(timer);
  assertEquals(issuer.urls.length, requests + 1);
  answer.resolve(new Response("down", { status: 503 }));
  await new Promise((resolve) => setTimeout(resolve));
  // Long after the failure the issuer may be well, and may have dropped the key.
  issuer.fault = undefined;
  issuer.keys = [second.jwk];
  clock.ms += MINUTE;
  assertEquals(await verify(), "key_not_found");
});

Deno.test("verifier tries a failing issuer at most every 5 s while it has no keys", async () => {
  const { issuer, clock, verify } = setUp();
  issuer.fault = () => Promise.reject(new TypeError("connection refused"));
  for (let i = 0; i < 20; i++) assertEquals(await verify(), "keys_unavailable");
  assertEquals(issuer.urls.length, 1);
  clock.ms += 5_000;
  issuer.fault = undefined;
  assertEquals(await verify(), "accepted");
});

Deno.test("verifier is not locked by a clock that goes back", async () => {
  const { clock, verify, jwksRequests } = setUp();
  await verify();
  clock.ms -= 24 * 60 * MINUTE;
  assertEquals(await verify(), "accepted");
  assertEquals(jwksRequests(), 2);
  const failing = setUp();
  failing.issuer.fault = () => new Response("down", { status: 503 });
  assertEquals(await failing.verify(), "keys_unavailable");
  failing.issuer.fault = undefined;
  failing.clock.ms -= 1;
  assertEquals(await failing.verify(), "accepted");
});

Deno.test("verifier looks for the key set again when its URL stops working", async () => {
  const asked: string[] = [];
  let place = "jwks";
  const fetch = ((url: string) => {
    asked.push(url.slice(ISSUER.length + 1));
    const discovery = { issuer: ISSUER, jwks_uri: `${ISSUER}/${place}` };
    if (url.endsWith("openid-configuration")) return Promise.resolve(Response.json(discovery));
    const found = url === `${ISSUER}/${place}`;
    return Promise.resolve(
      found ? Response.json({ keys: [first.jwk] }) : new Response("gone", { status: 410 }),
    );
  }) as typeof globalThis.fetch;
  const { clock, verify } = setUp({ fetch });
  assertEquals(await verify(), "accepted");
  place = "moved";
  for (const wait of [10 * MINUTE, 30_000]) {
    clock.ms += wait;
    await verify();
  }
  const discovery = ".well-known/openid-configuration";
  assertEquals(asked, [discovery, "jwks", "jwks", discovery, "moved"]);
});

Deno.test("threat 38: an answer that is not a usable key set never replaces a good one", async () => {
  const answers: [string, () => Response][] = [
    ["an empty set", () => Response.json({ keys: [] })],
    ["no keys member", () => Response.json({})],
    ["keys that are no array", () => Response.json({ keys: { 0: second.jwk } })],
    ["only unusable keys", () => Response.json({ keys: [{ ...second.jwk, use: "enc" }] })],
    [
      "51 keys",
      () =>
        Response.json({
          keys: Array.from({ length: 51 }, (_, i) => ({ ...second.jwk, kid: `k${i}` })),
        }),
    ],
    ["status 201", () => Response.json({ keys: [second.jwk] }, { status: 201 })],
    ["status 404", () => Response.json({ keys: [second.jwk] }, { status: 404 })],
    ["status 500", () => Response.json({ keys: [second.jwk] }, { status: 500 })],
    ["text", () => new Response("<html>")],
    [
      "a name twice",
      () => new Response(JSON.stringify({ keys: [second.jwk] }).replace("{", '{"keys":[],')),
    ],
    ["over 256 KiB", () => Response.json({ keys: [second.jwk], pad: "x".repeat(262_144) })],
    [
      "an endless body",
      () =>
        new Response(new ReadableStream({ pull: (sink) => sink.enqueue(new Uint8Array(65_536)) })),
    ],
  ];
  for (const [name, answer] of answers) {
    const { issuer, clock, verify } = setUp();
    await verify();
    issuer.fault = answer;
    clock.ms += 10 * MINUTE;
    assertEquals(await verify(), "accepted", name);
    assertEquals(await verify(second), "keys_unavailable", name);
    const empty = setUp();
    empty.issuer.fault = answer;
    assertEquals(await empty.verify(second), "keys_unavailable", name);
  }
});

Deno.test("threat 6: verifiers of two issuers with one kid never share keys", async () => {
  const own = setUp(), theirs = await testKey("ES256", first.kid);
  const other = setUp({
    issuer: "https://other.test",
    fetch: fakeIssuer("https://other.test", [theirs.jwk]).fetch,
  });
  assertEquals(await own.verify(), "accepted");
  assertEquals(await own.verify(theirs), "signature_invalid");
  assertEquals(await other.verify(), "issuer_mismatch");
});
