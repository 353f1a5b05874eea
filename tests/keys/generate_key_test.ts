import { assertEquals } from "@std/assert";
import { calculateJwkThumbprint } from "jose";
import { ALGORITHMS } from "../../keys/algorithm.ts";
import { generateKey, pickPublicMembers } from "../../keys/generate_key.ts";
import { buildJwks, toPublicJwk } from "../../keys/jwks.ts";
import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";

const members = { RS256: "kty,n,e", ES256: "kty,crv,x,y", EdDSA: "kty,crv,x" };

for (const alg of ALGORITHMS) {
  Deno.test(`generateKey makes an ${alg} key named by its RFC 7638 thumbprint`, async () => {
    const { kid, publicKey } = await generateKey(alg);
    assertEquals(kid, await calculateJwkThumbprint(publicKey));
    assertEquals(Object.keys(publicKey).join(), members[alg]);
  });
}

Deno.test("generateKey makes RSA keys of 2048 bits with exponent 65537", async () => {
  const { publicKey } = await generateKey("RS256");
  assertEquals([publicKey.n!.length, publicKey.e], [342, "AQAB"]);
});

Deno.test("generateKey leaves the public half out of a P-256 private key", async () => {
  const { privateKey } = await generateKey("ES256");
  assertEquals(privateKey.length, 67);
});

const PRIVATE = { d: "d", p: "p", q: "q", dp: "dp", dq: "dq", qi: "qi", oth: [], k: "k" };
const EXTRA = { key_ops: ["sign"], ext: true, x5u: "https://evil.example" };

for (const kty of ["RSA", "EC", "OKP"]) {
  Deno.test(`toPublicJwk shows only public members of a private ${kty} JWK, threat 59`, () => {
    const jwk = { kty, n: "n", e: "e", crv: "c", x: "x", y: "y", ...PRIVATE, ...EXTRA };
    const shown = toPublicJwk({ kid: "kid", publicKey: jwk }, "RS256");
    const expected = {
      RSA: { n: "n", e: "e" },
      EC: { crv: "c", x: "x", y: "y" },
      OKP: { crv: "c", x: "x" },
    }[kty];
    assertEquals(shown, { kty, use: "sig", alg: "RS256", kid: "kid", ...expected });
    assertEquals(pickPublicMembers(jwk), { kty, ...expected });
  });
}

Deno.test("buildJwks orders by state, then by algorithm, then by age, and hides the rest", () => {
  const key = (kid: string, notBefore: number, more: Partial<KeyRecord> = {}): KeyRecord => ({
    kid,
    publicKey: { kty: "OKP", crv: "Ed25519", x: kid },
    publishedAt: 0,
    notBefore,
    retireAt: null,
    removeAt: null,
    compromisedAt: null,
    sealed: null,
    ...more,
  });
  const keyset = (alg: "RS256" | "ES256", keys: KeyRecord[]): KeysetRecord => ({
    version: 1,
    issuer: "",
    alg,
    epoch: 1,
    writeId: "",
    lastSeenTime: 0,
    keys,
  });
  const keys = (name: string) => [
    key(`${name} removed`, 0, { retireAt: 10, removeAt: 50 }),
    key(`${name} dead`, 0, { compromisedAt: 20 }),
    key(`${name} retired`, 10, { retireAt: 50, removeAt: 900 }),
    key(`${name} active`, 50, { retireAt: 500, removeAt: 900 }),
    key(`${name} spare`, 500),
  ];
  const jwks = buildJwks([keyset("ES256", keys("E")), keyset("RS256", keys("R"))], { now: 100 });
  assertEquals(
    jwks.map(({ kid }) => kid),
    ["E active", "R active", "E spare", "R spare", "E retired", "R retired"],
  );
  assertEquals([Object.isFrozen(jwks), Object.isFrozen(jwks[0])], [true, true]);
});
