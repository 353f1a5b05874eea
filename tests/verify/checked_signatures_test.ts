import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { checkedSignatures } from "../../verify/checked_signatures.ts";
import { createVerifier, type VerifierOptions } from "../../verify/mod.ts";
import { AUDIENCE, goodClaims, ISSUER, NOW, refusalOf, signToken, testKey } from "./_support.ts";

const key = await testKey("ES256", "k1");
const token = await signToken(key);

/** A verifier whose clock a test turns and whose issuer's keys it exchanges; counts signature checks. */
function observed(options: Partial<VerifierOptions> = {}) {
  const state = { now: NOW, jwks: { keys: [key.jwk] } };
  const verifier = createVerifier({
    ...{ issuer: ISSUER, audience: AUDIENCE, algorithms: ["ES256"], jwksUri: `${ISSUER}/jwks` },
    now: () => state.now,
    fetch: () => Promise.resolve(Response.json(state.jwks)),
    ...options,
  });
  return { state, verify: verifier.verify };
}

async function signatureChecks(call: () => Promise<unknown>): Promise<number> {
  const { subtle } = crypto, original = subtle.verify;
  let checks = 0;
  subtle.verify = (...args: Parameters<typeof original>) => {
    checks++;
    return original.apply(subtle, args);
  };
  try {
    await call();
  } finally {
    subtle.verify = original;
  }
  return checks;
}

Deno.test("createVerifier checks the signature of the same token once, and gives its claims anew", async () => {
  const { verify } = observed();
  const answers: unknown[] = [];
  const ask = async () => answers.push(await verify(token));
  assertEquals(await signatureChecks(ask), 1);
  assertEquals(await signatureChecks(ask), 0);
  assertEquals(answers[0], answers[1]);
  // What one caller does to its claims, another must not see.
  assertNotStrictEquals(answers[0], answers[1]);
});

Deno.test("threat 68: createVerifier checks every signature but those it has seen whole", async () => {
  const { verify } = observed();
  await verify(token);
  const [header, payload] = token.split(".");
  const other = await signToken(key, goodClaims({ jti: "b2" }));
  assertEquals(
    await refusalOf(verify(`${header}.${payload}.${other.split(".")[2]}`)),
    "signature_invalid",
  );
  assertEquals(
    await refusalOf(verify(`${header}.${other.split(".")[1]}.${token.split(".")[2]}`)),
    "signature_invalid",
  );
  assertEquals(await signatureChecks(() => verify(other)), 1);
});

Deno.test("createVerifier remembers no token that it refused", async () => {
  const { verify } = observed();
  const forged = `${token.slice(0, -4)}AAAA`;
  for (let turn = 0; turn < 2; turn++) {
    const refuse = async () => assertEquals(await refusalOf(verify(forged)), "signature_invalid");
    assertEquals(await signatureChecks(refuse), 1);
  }
});

Deno.test("createVerifier refuses a token that it has accepted before once it has expired", async () => {
  const { state, verify } = observed();
  await verify(token);
  state.now += 331_000;
  assertEquals(await refusalOf(verify(token)), "token_expired");
});

Deno.test("threat 67: createVerifier forgets what a key signed that the issuer has dropped or exchanged", async () => {
  const other = await testKey("ES256", "k1");
  for (
    const [keys, code] of [
      [[other.jwk], "signature_invalid"],
      [[(await testKey("ES256", "k2")).jwk], "key_not_found"],
    ] as const
  ) {
    const { state, verify } = observed({ maxTokenAge: 3_600 });
    const long = await signToken(key, goodClaims({ exp: NOW / 1000 + 3_600 }));
    await verify(long);
    state.jwks = { keys: [...keys] };
    state.now += 601_000;
    // What is older than its time is still given while newer keys are fetched.
    await verify(long).catch(() => {});
    assertEquals(await refusalOf(verify(long)), code);
  }
});

Deno.test("checkedSignatures remembers no more than its bound, and a token for its own key only", () => {
  const load = () => Promise.reject(new Error("Cannot happen"));
  const [one, two] = ["1", "2"].map((kid) => ({ kid, algorithm: "ES256" as const, load }));
  const checked = checkedSignatures(2);
  for (const text of ["a", "b", "c"]) checked.add(text, one!);
  assert(!checked.has("a", one!));
  assert(checked.has("b", one!) && checked.has("c", one!));
  assert(!checked.has("c", two!));
});
