import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createLocalJWKSet, jwtVerify } from "jose";
import { createVerifier, TokenVerificationError } from "../../verify/mod.ts";
import { headerReader } from "../../verify/header_reader.ts";
import { parseCompact } from "../../verify/parse_compact.ts";
import { AUDIENCE, goodClaims, ISSUER, NOW, signToken, testKey } from "./_support.ts";

const key = await testKey("ES256", "k1");
const jwks = { keys: [key.jwk] };
const verifier = createVerifier({
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["ES256"],
  jwks,
  now: () => NOW,
});

Deno.test("parseCompact throws nothing but TokenVerificationError on any text", () => {
  const part = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.base64String(),
    fc.json().map((text) => btoa(unescape(encodeURIComponent(text)))),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part, { maxLength: 5 }).map((all) => all.join(".")),
  );
  fc.assert(
    fc.property(text, (token) => {
      try {
        parseCompact(token);
      } catch (error) {
        assertEquals(error instanceof TokenVerificationError, true);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("headerReader takes its own types alone, however often and whatever it has read", async () => {
  const types = ["JWT", "at+jwt"];
  const [all, jwt] = [headerReader(types), headerReader(["JWT"])];
  const accessToken = await signToken(key, goodClaims(), { typ: "at+jwt" });
  types.pop();
  for (let again = 0; again < 2; again++) {
    const { header } = parseCompact(accessToken, { readHeader: all });
    assertEquals(header, { alg: "ES256", kid: "k1", typ: "at+jwt" });
    assertThrows(() => Object.assign(header, { alg: "none" }), TypeError);
    const error = assertThrows(
      () => parseCompact(accessToken, { readHeader: jwt }),
      TokenVerificationError,
    );
    assertEquals(error.code, "type_not_allowed");
  }
  const other = await signToken(await testKey("ES256", "k2"));
  assertEquals(parseCompact(other, { readHeader: all }).header.kid, "k2");
});

Deno.test("verify accepts no token that jose refuses, whatever is changed in a good one", async () => {
  const good = await signToken(key);
  const change = fc.record({
    at: fc.nat(good.length),
    remove: fc.nat(2),
    insert: fc.string({ unit: fc.constantFrom(..."AZaz09-_.= +/".split("")), maxLength: 2 }),
  });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(change, async ({ at, remove, insert }) => {
      const token = good.slice(0, at) + insert + good.slice(at + remove);
      const ours = await claimsOf(() => verifier.verify(token));
      if (ours === undefined) return;
      accepted++;
      assertEquals(ours, await claimsOf(() => joseClaims(token)));
    }),
    { numRuns: 500, examples: [[{ at: 0, remove: 0, insert: "" }]] },
  );
  assertEquals(accepted > 0, true);
});

Deno.test("verify reads the same claims as jose from any claims at all", async () => {
  const extra = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), {
    maxKeys: 6,
  });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(extra, async (claims) => {
      const token = await signToken(key, { ...claims, ...goodClaims() });
      const ours = await claimsOf(() => verifier.verify(token));
      if (ours === undefined) return;
      accepted++;
      assertEquals(ours, await claimsOf(() => joseClaims(token)));
    }),
    { numRuns: 60 },
  );
  assertEquals(accepted > 30, true);
});

async function joseClaims(token: string): Promise<unknown> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks as never), {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["ES256"],
    currentDate: new Date(NOW),
  });
  return payload;
}

async function claimsOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    return JSON.stringify(await work());
  } catch {
    return undefined;
  }
}
