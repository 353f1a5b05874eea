import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createVerifier, type VerifierOptions, verifyIdToken } from "../../verify/mod.ts";
import { parseJwks } from "../../verify/parse_jwks.ts";
import {
  AUDIENCE,
  goodClaims,
  ISSUER,
  NOW,
  NOW_S,
  refusalOf,
  signToken,
  testKey,
} from "./_support.ts";

const key = await testKey("ES256", "k1");
const GOOD: VerifierOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["ES256"],
  jwks: { keys: [key.jwk] },
  now: () => NOW,
};

Deno.test("threat 66: createVerifier throws when an option is missing or out of bounds", () => {
  const wrong: Record<string, unknown>[] = [
    { issuer: undefined },
    { issuer: null },
    { issuer: "" },
    { issuer: "id.example.test" },
    { issuer: "http://id.example.test" },
    { issuer: "http://cache.localhost" },
    { issuer: "ftp://id.example.test" },
    { issuer: "https://user@id.example.test" },
    { issuer: `${ISSUER}?a=1` },
    { issuer: `${ISSUER}#a` },
    { audience: undefined },
    { audience: null },
    { audience: "" },
    { audience: [] },
    { audience: [undefined] },
    { audience: [""] },
    { audience: 1 },
    { algorithms: undefined },
    { algorithms: [] },
    { algorithms: ["none"] },
    { algorithms: ["HS256"] },
    { algorithms: ["ES256", "HS256"] },
    { algorithms: "ES256" },
    { algorithms: ["es256"] },
    { clockTolerance: -1 },
    { clockTolerance: 301 },
    { clockTolerance: NaN },
    { clockTolerance: "30" },
    { maxTokenAge: 0 },
    { maxTokenAge: Infinity },
    { maxTokenAge: 86_401 },
    { maxLifetime: null },
    { maxTokenLength: 65_537 },
    { timeoutMs: 0 },
    { types: [] },
    { types: [1] },
    { jwks: { keys: [] } },
    { jwks: {} },
    { jwks: { keys: [{ kty: "oct", k: "AA", kid: "k1", alg: "HS256" }] } },
    { jwks: undefined, jwksUri: "http://keys.test" },
    { jwksUri: "https://keys.test" },
  ];
  for (const change of wrong) {
    const options = { ...GOOD, ...change } as VerifierOptions;
    assertThrows(() => createVerifier(options), TypeError, "Cannot ", JSON.stringify(change));
  }
  for (const issuer of ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:1/x"]) {
    createVerifier({ ...GOOD, issuer });
  }
});

Deno.test("createVerifier repeats no password or query of an issuer that it refuses", () => {
  for (
    const issuer of ["https://me:s3cret@a.test", "me:s3cret@a.test", "https://a.test?t=s3cret"]
  ) {
    const { message } = assertThrows(() => createVerifier({ ...GOOD, issuer }), TypeError);
    assert(message.startsWith("Cannot use this issuer: it must"), message);
    assertEquals(message.includes("s3cret"), false);
  }
});

Deno.test("verifyIdToken refuses options that are missing before it looks at the token", async () => {
  await assertRejects(() => verifyIdToken("", {} as VerifierOptions), TypeError);
  const claims = await verifyIdToken(await signToken(key), GOOD);
  assertEquals(claims.sub, "deployment:acme/web/production");
});

Deno.test("threat 68: a token that begins like a good one and is signed otherwise is refused after it", async () => {
  const verifier = createVerifier(GOOD), good = await signToken(key);
  await verifier.verify(good);
  const cut = good.lastIndexOf(".") + 1;
  const zeros = "A".repeat(good.length - cut);
  assertEquals(await refusalOf(verifier.verify(good.slice(0, cut) + zeros)), "signature_invalid");
});

Deno.test("verify refuses a token whose key cannot be imported, at its first use and later", async () => {
  const own = await testKey("EdDSA", "k2");
  const jwks = { keys: [{ ...own.jwk, x: "AQAB" }] };
  const verifier = createVerifier({ ...GOOD, algorithms: ["EdDSA"], jwks });
  for (let turn = 0; turn < 2; turn++) {
    const code = await refusalOf(verifier.verify(await signToken(own)));
    // Deno 2.5 imports it all the same.
    assert(["key_mismatch", "signature_invalid"].includes(code), code);
  }
});

Deno.test("createVerifier holds to maxTokenAge, maxLifetime, types and audiences as configured", async () => {
  const old = await signToken(key, goodClaims({ iat: NOW_S - 200, exp: NOW_S + 100 }));
  const check = (token: string, change: Partial<VerifierOptions>) =>
    refusalOf(createVerifier({ ...GOOD, ...change }).verify(token));
  assertEquals(await check(old, { maxTokenAge: 169, maxLifetime: 300 }), "token_too_old");
  assertEquals(await check(old, { maxTokenAge: 170, maxLifetime: 300 }), "accepted");
  assertEquals(await check(old, { maxLifetime: 299 }), "lifetime_too_long");
  const grant = await signToken(key, goodClaims(), { typ: "authorization-grant+jwt" });
  assertEquals(await check(grant, {}), "type_not_allowed");
  assertEquals(await check(grant, { types: ["authorization-grant+jwt"] }), "accepted");
  const untyped = await signToken(key, goodClaims(), { typ: undefined });
  assertEquals(await check(untyped, { types: ["at+jwt"] }), "type_not_allowed");
  const two = await signToken(key, goodClaims({ aud: ["https://other.test", AUDIENCE] }));
  assertEquals(await check(two, { allowMultipleAudiences: true }), "accepted");
  assertEquals(
    await check(two, { allowMultipleAudiences: true, audience: "https://third.test" }),
    "audience_mismatch",
  );
  assertEquals(
    await check(await signToken(key), { audience: ["https://x.test", AUDIENCE] }),
    "accepted",
  );
});

Deno.test("verify judges the times again after keys have been fetched", async () => {
  let ms = NOW;
  const fetch = ((url: string) => {
    ms += 200_000;
    const discovery = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` };
    return Promise.resolve(Response.json(url.endsWith("/jwks") ? { keys: [key.jwk] } : discovery));
  }) as typeof globalThis.fetch;
  const verifier = createVerifier({ ...GOOD, jwks: undefined, fetch, now: () => ms });
  assertEquals(await refusalOf(verifier.verify(await signToken(key))), "token_expired");
});

Deno.test("threat 3: parseJwks binds each key to one algorithm and passes over the rest", async () => {
  const rsa = await testKey("RS256", "r1"), ed = await testKey("EdDSA", "e1");
  const bare = (jwk: object) => ({ ...jwk, alg: undefined });
  const keys = [
    bare(key.jwk),
    bare(rsa.jwk),
    bare(ed.jwk),
    { ...key.jwk, kid: "wrong alg", alg: "RS256" },
    { ...rsa.jwk, kid: "hmac", alg: "HS256" },
    { ...rsa.jwk, kid: "encryption", use: "enc" },
    { ...rsa.jwk, kid: "operations", key_ops: ["encrypt"] },
    { ...rsa.jwk, kid: "private", d: "AQAB" },
    { ...rsa.jwk, kid: "small", n: "AQAB" },
    { ...rsa.jwk, kid: "padded", n: `${rsa.jwk["n"]}=` },
    { ...rsa.jwk, kid: undefined },
    { ...rsa.jwk, kid: 7 },
    { ...rsa.jwk, kid: "twice" },
    { ...key.jwk, kid: "twice" },
    { ...key.jwk, kid: "curve", crv: "P-521" },
    { kty: "oct", kid: "secret", k: "AAAA" },
    null,
    "key",
    { ...key.jwk, kid: "__proto__" },
    { ...key.jwk, kid: "verify", key_ops: ["verify"], use: undefined },
  ];
  const found = [...parseJwks({ keys }).values()].map(({ kid, algorithm }) => [kid, algorithm]);
  assertEquals(found, [["k1", "ES256"], ["r1", "RS256"], ["e1", "EdDSA"], ["__proto__", "ES256"], [
    "verify",
    "ES256",
  ]]);
});
