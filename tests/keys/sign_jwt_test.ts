import { assertEquals } from "@std/assert";
import { importJWK, jwtVerify } from "jose";
import fc from "fast-check";
import { ALGORITHMS } from "../../keys/algorithm.ts";
import { toBase64Url } from "../../keys/base64url.ts";
import { generateKey } from "../../keys/generate_key.ts";
import { toPublicJwk } from "../../keys/jwks.ts";
import { createSigners } from "../../keys/create_signers.ts";
import { encodeHeader, signJwt } from "../../keys/sign_jwt.ts";
import { encodeBase64Url } from "@std/encoding/base64url";

const rsaKey = await generateKey("RS256");

for (const alg of ALGORITHMS) {
  Deno.test(`signJwt makes ${alg} tokens that jose accepts`, async () => {
    const { kid, publicKey, privateKey } = alg === "RS256" ? rsaKey : await generateKey(alg);
    await using signers = createSigners({ workers: 1 });
    const signer = await signers.importKey({ alg, kid, pkcs8: privateKey });
    const header = encodeHeader({ alg, kid });
    const claims = { iss: "https://id.example.test", sub: "ünïcode 🦕", n: 1, deep: { a: [null] } };
    const key = { alg, kid, header, notBefore: 0, sign: signer.sign };
    const publicCryptoKey = await importJWK(toPublicJwk({ kid, publicKey }, alg), alg);
    for (let i = 0; i < 3; i++) {
      const jwt = await signJwt(key, claims);
      const { payload, protectedHeader } = await jwtVerify(jwt, publicCryptoKey, {
        algorithms: [alg],
      });
      assertEquals(payload, claims);
      assertEquals(protectedHeader, { alg, kid, typ: "JWT" });
    }
  });
}

Deno.test("toBase64Url writes what the standard library writes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
    assertEquals(toBase64Url(data), encodeBase64Url(data));
    const plain = Object.assign(data.slice(), { toBase64: undefined });
    assertEquals(toBase64Url(plain), encodeBase64Url(data));
  }));
});
