import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { audience, issuerWithWorkload, mintTokens, refusalOf, subject } from "./_support.ts";

Deno.test("jose verifies tokens from discovery alone, of a path issuer too, and refuses others", async () => {
  for (const path of ["", "/some/path"]) {
    const { started, requestToken } = await issuerWithWorkload({ path });
    await using _ = started;
    const tokens = await mintTokens(started, requestToken);
    const discovery = await fetch(`${started.url}/.well-known/openid-configuration`);
    const { issuer, jwks_uri, id_token_signing_alg_values_supported } = await discovery.json();
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    const verify = (token: string) =>
      jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: id_token_signing_alg_values_supported,
      });
    assertEquals((await verify(tokens.genuine)).payload.sub, subject);
    assertStringIncludes(await refusalOf(verify(tokens.tampered)), "signature");
    assertStringIncludes(await refusalOf(verify(tokens.misdirected)), '"aud"');
  }
});
