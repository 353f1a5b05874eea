import { assertEquals, assertStringIncludes } from "@std/assert";
import { throwawayCertificate } from "../../_support/throwaway_certificate.ts";
import { issuerWithWorkload, mintTokens, runChild, subject } from "./_support.ts";

Deno.test("aws-jwt-verify verifies tokens of an https issuer and refuses others", async () => {
  await using certificate = await throwawayCertificate();
  const { started, requestToken } = await issuerWithWorkload({ certificate });
  await using _ = started;
  const tokens = await mintTokens(started, requestToken);
  const found = await runChild<Record<string, string>>("aws_jwt_verify_child.ts", {
    input: { issuer: started.url, tokens },
    caPath: certificate.caPath,
  });
  assertEquals(found.sub, subject);
  assertStringIncludes(found.tampered!, "Invalid signature");
  assertStringIncludes(found.misdirected!, "Audience not allowed");
});
