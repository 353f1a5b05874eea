import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { replayKey } from "../../../issuer/trust/replay_key.ts";
import { parseCompact } from "../../../verify/parse_compact.ts";
import { base64url, goodClaims, NOW_S, signToken, testKey } from "../../verify/_support.ts";

const key = await testKey("ES256", "k1");
const keyOf = async (changes: Record<string, unknown>) =>
  (await replayKey(parseCompact(await signToken(key, goodClaims(changes))))).key;

/** The other valid ECDSA signature over the same bytes: s becomes n − s. */
function twin(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const cut = token.lastIndexOf(".") + 1;
  const text = atob(token.slice(cut).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  const hex = [...bytes.slice(32)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const other = (order - BigInt(`0x${hex}`)).toString(16).padStart(64, "0");
  const second = Uint8Array.from(other.match(/../g)!, (pair) => parseInt(pair, 16));
  return token.slice(0, cut) + base64url(new Uint8Array([...bytes.slice(0, 32), ...second]));
}

Deno.test("threat 11: a token and its ECDSA twin have one replay key, with and without jti", async () => {
  for (const jti of ["a1", undefined]) {
    const token = await signToken(key, goodClaims({ jti })), other = twin(token);
    assertNotEquals(token, other);
    assertEquals(await replayKey(parseCompact(token)), await replayKey(parseCompact(other)));
    const bytes = new TextEncoder().encode(other.slice(0, other.lastIndexOf(".")));
    const signature = atob(
      other.slice(other.lastIndexOf(".") + 1).replaceAll("-", "+").replaceAll("_", "/"),
    );
    const valid = await crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      key.publicKey,
      Uint8Array.from(signature, (unit) => unit.charCodeAt(0)),
      bytes,
    );
    assert(valid, "the twin is a valid signature");
  }
});

Deno.test("threat 20: replayKey is by issuer and jti, so that issuers do not spend each other's", async () => {
  const one = await keyOf({ jti: "a1" });
  assertEquals(await keyOf({ jti: "a1", exp: NOW_S + 200 }), one);
  const others = [
    await keyOf({ jti: "a2" }),
    await keyOf({ jti: "a1", iss: "https://other.test" }),
    await keyOf({ jti: "1", iss: "https://id.example.testa" }),
    await keyOf({ jti: undefined }),
    await keyOf({ jti: undefined, iat: NOW_S - 1 }),
  ];
  assertEquals(new Set([one, ...others]).size, 6);
  assert(others.every((text) => /^[0-9a-f]{64}$/.test(text)));
});

Deno.test("replayKey is kept past the token's end by more than any clock difference", async () => {
  const { keepUntil } = await replayKey(parseCompact(await signToken(key)));
  assert(keepUntil >= (NOW_S + 300 + 300) * 1000);
});
