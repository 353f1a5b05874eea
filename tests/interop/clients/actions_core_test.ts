import { assertEquals, assertStringIncludes } from "@std/assert";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { listeningIssuer } from "../../_support/listening_issuer.ts";
import { audience, refusalOf, runChild, subject, tamper } from "./_support.ts";

Deno.test("@actions/core's getIDToken gets tokens at the issuer, and shows what it refuses", async () => {
  await using started = listeningIssuer();
  const requestToken = await started.register({ audiences: [audience] });
  const found = await runChild<Record<string, string>>("actions_core_child.ts", {
    input: {},
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${started.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
  });
  const keys = createRemoteJWKSet(new URL(`${started.url}/.well-known/jwks.json`));
  const verify = (token: string, audience: string) =>
    jwtVerify(token, keys, { issuer: started.url, audience });
  assertEquals((await verify(found.token!, audience)).payload.sub, subject);
  assertStringIncludes(await refusalOf(verify(tamper(found.token!), audience)), "signature");
  assertStringIncludes(found.unlisted!, "400");
  assertStringIncludes(found.tampered!, "401");
});
