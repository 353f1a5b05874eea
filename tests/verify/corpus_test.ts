import { assert, assertEquals } from "@std/assert";
import { createLocalJWKSet, jwtVerify } from "jose";
import { createVerifier } from "../../verify/mod.ts";
import { type CorpusKeys, type HostileCase, hostileCorpus } from "./_corpus.ts";
import {
  assertRefusal,
  AUDIENCE,
  goodClaims,
  ISSUER,
  NOW,
  NOW_S,
  refusalOf,
  signRaw,
  signToken,
  testKey,
} from "./_support.ts";

const THREATS: Record<number, string> = {
  1: "an algorithm outside the list",
  2: "HMAC with a public key as its secret",
  3: "a header algorithm that is not the key's",
  4: "a key brought along in the header",
  5: "a hostile kid",
  6: "a signature by the key of another issuer, or none at all",
  7: "crit and b64",
  8: "a type of another kind",
  9: "JSON that two readers could read in two ways",
  10: "base64url that is not canonical",
  12: "times that are not whole, bounded and now",
  13: "an issuer that is nearly ours",
  14: "an audience that is not a string or an array of strings",
  15: "a token for several audiences",
  16: "a token for somebody else",
  21: "bulk",
  22: "claims that hide behind __proto__",
};

const keys: CorpusKeys = {
  ec: await testKey("ES256", "ec-1"),
  rsa: await testKey("RS256", "rsa-1"),
  ed: await testKey("EdDSA", "ed-1"),
  stranger: await testKey("ES256", "ec-1"),
};
const jwks = { keys: [keys.ec.jwk, keys.rsa.jwk, keys.ed.jwk] };
const verifier = createVerifier({
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["ES256", "RS256", "EdDSA"],
  jwks,
  now: () => NOW,
});
const corpus = await hostileCorpus(keys);

for (const [threat, title] of Object.entries(THREATS)) {
  Deno.test(`threat ${threat}: verify refuses ${title}`, async () => {
    const cases = corpus.filter((hostile) => hostile.threat === Number(threat));
    assert(cases.length > 0);
    for (const { name, token, code } of cases) {
      const actual = await refusalOf(verifier.verify(token as string), token);
      assertRefusal(actual, code, name);
    }
  });
}

Deno.test("corpus holds at least 150 hostile tokens, each under a threat that is tested", () => {
  assert(corpus.length >= 150, `${corpus.length} cases`);
  assert(corpus.every(({ threat }) => threat in THREATS));
});

Deno.test("corpus holds tokens that jose alone accepts, so the strict reader is needed", async () => {
  const accepted: HostileCase[] = [];
  for (const hostile of corpus) if (await joseAccepts(hostile.token)) accepted.push(hostile);
  const threats = new Set(accepted.map(({ threat }) => threat));
  assert(accepted.length >= 30, `${accepted.length} accepted`);
  for (const threat of [9, 10, 12, 15]) assert(threats.has(threat), `threat ${threat}`);
});

Deno.test("verify accepts every honest variation, and so does jose", async () => {
  const honest: [string, Promise<string>][] = [
    ["ES256", signToken(keys.ec)],
    ["RS256", signToken(keys.rsa)],
    ["EdDSA", signToken(keys.ed)],
    ["no typ", signToken(keys.ec, goodClaims(), { typ: undefined })],
    ["lower-case typ", signToken(keys.ec, goodClaims(), { typ: "jwt" })],
    ["typ as a media type", signToken(keys.ec, goodClaims(), { typ: "application/JWT" })],
    ["thumbprint header", signToken(keys.ec, goodClaims(), { x5t: "abc" })],
    ["unknown header", signToken(keys.ec, goodClaims(), { nonce: "abc" })],
    ["audience in an array", signToken(keys.ec, goodClaims({ aud: [AUDIENCE] }))],
    ["no nbf, no jti", signToken(keys.ec, goodClaims({ nbf: undefined, jti: undefined }))],
    [
      "16 levels",
      signToken(keys.ec, goodClaims({ x: JSON.parse("[".repeat(15) + "]".repeat(15)) })),
    ],
    ["clock behind by 30 s", signToken(keys.ec, goodClaims({ iat: NOW_S + 30, nbf: NOW_S + 30 }))],
    [
      "expired within tolerance",
      signToken(keys.ec, goodClaims({ iat: NOW_S - 300, exp: NOW_S - 29 })),
    ],
    ["any Unicode", signToken(keys.ec, goodClaims({ name: 'Žlutý 🐎 \u2028 \\ " \u0000' }))],
    ["an hour", signToken(keys.ec, goodClaims({ exp: NOW_S + 3600 }))],
    [
      "claims named like methods",
      signToken(keys.ec, goodClaims({ constructor: "x", toString: 1 })),
    ],
  ];
  for (const [name, token] of honest) {
    assertEquals(await refusalOf(verifier.verify(await token)), "accepted", name);
    assert(await joseAccepts(await token), name);
  }
});

Deno.test("threat 22: verify keeps __proto__ and constructor inert", async () => {
  const json = JSON.stringify(goodClaims()).replace(
    "{",
    '{"__proto__":{"admin":true},"constructor":1,',
  );
  const token = await signRaw(keys.ec, JSON.stringify({ alg: "ES256", kid: "ec-1" }), json);
  const claims = await verifier.verify(token);
  assertEquals(claims["admin"], undefined);
  assertEquals(Object.getPrototypeOf(claims), null);
  assertEquals(Object.getOwnPropertyNames(claims).includes("__proto__"), true);
  assertEquals(({} as Record<string, unknown>)["admin"], undefined);
});

async function joseAccepts(token: unknown): Promise<boolean> {
  try {
    await jwtVerify(token as string, createLocalJWKSet(jwks as never), {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ["ES256", "RS256", "EdDSA"],
      clockTolerance: 30,
      maxTokenAge: 3600,
      requiredClaims: ["exp", "sub"],
      currentDate: new Date(NOW),
    });
    return true;
  } catch {
    return false;
  }
}
