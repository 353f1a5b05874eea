import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from "jose";
import { startIssuer } from "../_support/start_issuer.ts";
import { claimsOf, envOf } from "./_support.ts";

const ALLOWED = "https://api.acme.test";

async function started(alter = (token: string) => token) {
  const issuer = startIssuer();
  const requestToken = await issuer.register({ audiences: [ALLOWED, "sts.amazonaws.com"] });
  let requests = 0;
  const client = createIdTokenClient({
    env: envOf({ SIGNET_ISSUER: issuer.url, SIGNET_REQUEST_TOKEN: alter(requestToken) }),
    now: () => issuer.clock.now,
    sleep: () => Promise.resolve(),
    fetch: (input, init) => (requests++, issuer.issuer.fetch(new Request(input, init))),
  });
  return { issuer, client, requests: () => requests };
}

Deno.test("getIdToken gets, holds and renews a token of the real issuer", async () => {
  const { issuer, client, requests } = await started();
  await using _ = issuer;
  using _client = client;
  const token = await client.getIdToken(ALLOWED, { ttl: 600 });
  const { iss, aud, iat, exp, workload } = claimsOf(token);
  assertEquals([iss, aud, workload], [issuer.url, ALLOWED, "web"]);
  assertEquals(exp as number - iat!, 600);
  assertEquals(await client.getIdToken(ALLOWED, { ttl: 600 }), token);
  assertEquals(requests(), 1);
  issuer.clock.now += 590_000;
  assertNotEquals(await client.getIdToken(ALLOWED, { ttl: 600 }), token);
});

Deno.test("getIdToken translates the real issuer's refusals", async () => {
  const { issuer, client } = await started();
  await using _ = issuer;
  using _client = client;
  const refused = async (audience: string) =>
    await assertRejects(() => client.getIdToken(audience), IdTokenError) as IdTokenError;
  const audience = await refused("https://elsewhere.test");
  assertEquals(audience.code, "audience_refused", audience.message);
  assert(audience.message.includes("workload web"), audience.message);
});

Deno.test("getIdToken tells of a credential that the real issuer does not know", async () => {
  const { issuer, client } = await started((token) => token.slice(0, -43) + "A".repeat(43));
  await using _ = issuer;
  using _client = client;
  const error = await assertRejects(() => client.getIdToken(ALLOWED), IdTokenError);
  assertEquals((error as IdTokenError).code, "credential_refused", String(error));
  assert((error as Error).message.includes('"signet credential add web"'));
});

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const keys: [string, RsaHashedKeyGenParams | EcKeyGenParams | { name: "Ed25519" }, JsonWebKey][] = [
  ["RS256", RSA, { alg: "RS256" }],
  ["ES256", { name: "ECDSA", namedCurve: "P-256" }, { alg: "ES256" }],
  ["EdDSA", { name: "Ed25519" }, { alg: undefined }],
  ["EdDSA as Node names it", { name: "Ed25519" }, { alg: "Ed25519" }],
];

for (const [name, algorithm, members] of keys) {
  for (const named of [{}, { kid: "laptop-1" }]) {
    const title = "kid" in named ? "a kid of its own" : "no kid";
    Deno.test(`getIdToken proves itself to the real issuer by a key of ${name} with ${title}`, async () => {
      await using started = startIssuer();
      await started.register();
      const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const { privateKey, publicKey } = pair as CryptoKeyPair;
      const exported = async (key: CryptoKey) => ({
        ...await crypto.subtle.exportKey("jwk", key),
        ...members,
        ...named,
      });
      const jwk = await exported(publicKey);
      const add = () =>
        started.admin("POST", "workloads/web/credentials", { type: "public_key", jwk });
      const added = await (await add()).json();
      const expected = "kid" in named ? named.kid : await calculateJwkThumbprint(jwk as never);
      assertEquals(added.jwk.kid, expected);
      assertEquals((await add()).status, 409, "the same key twice");
      using client = createIdTokenClient({
        env: envOf({
          SIGNET_ISSUER: started.url,
          SIGNET_WORKLOAD: "web",
          SIGNET_PRIVATE_KEY: JSON.stringify(await exported(privateKey)),
        }),
        now: () => started.clock.now,
        fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
      });
      const jwks = await (await started.get("/.well-known/jwks.json")).json();
      const { payload } = await jwtVerify(
        await client.getIdToken(ALLOWED),
        createLocalJWKSet(jwks),
        {
          audience: ALLOWED,
          currentDate: new Date(started.clock.now),
        },
      );
      assertEquals(payload.workload, "web");
    });
  }
}
