import { assertEquals, assertStringIncludes } from "@std/assert";
// @ts-types="npm:@types/jsonwebtoken@9.0.10"
import jwt from "jsonwebtoken";
import jwksClient from "jwks-rsa";
import { audience, issuerWithWorkload, mintTokens, refusalOf, subject } from "./_support.ts";

// jwks-rsa's HTTP agent keeps its connection a while.
const keptAlive = { sanitizeResources: false, sanitizeOps: false };

Deno.test(
  "jsonwebtoken with jwks-rsa verifies tokens of the issuer and refuses others",
  keptAlive,
  async () => {
    const { started, requestToken } = await issuerWithWorkload();
    await using _ = started;
    const tokens = await mintTokens(started, requestToken);
    const client = jwksClient({ jwksUri: `${started.url}/.well-known/jwks.json` });
    const verify = async (token: string) => {
      const { kid } = jwt.decode(token, { complete: true })!.header;
      const key = (await client.getSigningKey(kid)).getPublicKey();
      return jwt.verify(token, key, { issuer: started.url, audience, algorithms: ["RS256"] });
    };
    assertEquals((await verify(tokens.genuine)).sub, subject);
    assertStringIncludes(await refusalOf(verify(tokens.tampered)), "invalid signature");
    assertStringIncludes(await refusalOf(verify(tokens.misdirected)), "jwt audience invalid");
  },
);
