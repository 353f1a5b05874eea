import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { listeningIssuer } from "../../_support/listening_issuer.ts";
import { platformNetwork } from "../../_support/platform_issuer.ts";
import { throwawayCertificate } from "../../_support/throwaway_certificate.ts";
import { runChild, subject } from "./_support.ts";

interface Found {
  readonly subjects: readonly string[];
  readonly expiresIn: number;
  readonly issuedTokenType: string;
  readonly stranger: string;
  readonly misdirected: string;
  readonly tampered: string;
  readonly replayed: string;
}

async function keyPair(kid: string): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const named = { kid, alg: "ES256" };
  return {
    privateJwk: { ...await exportJWK(pair.privateKey), ...named },
    publicJwk: { ...await exportJWK(pair.publicKey), ...named },
  };
}

Deno.test("openid-client discovers the issuer and uses private_key_jwt, jwt-bearer and token exchange", async () => {
  await using certificate = await throwawayCertificate();
  const network = platformNetwork();
  const platform = await network.add("https://ci.acme.test");
  await using started = listeningIssuer({ certificate, fetch: network.fetch });
  const trust = [{ issuer: platform.url, audience: started.url, claims: { project: "web" } }];
  await started.register({ trust });
  const [own, stranger] = [await keyPair("laptop"), await keyPair("laptop")];
  const credential = { type: "public_key", jwk: own.publicJwk };
  const added = await started.admin("POST", "workloads/web/credentials", credential);
  assertEquals(added.status, 201, await added.text());
  const iat = Math.floor(Date.now() / 1000);
  const platformTokens = await Promise.all([1, 2, 3].map((jti) =>
    platform.sign({
      ...{ sub: "job", aud: started.url, project: "web", iat, exp: iat + 300 },
      jti: `t${jti}`,
    })
  ));
  const before = Date.now();
  const found = await runChild<Found>("openid_client_child.ts", {
    input: {
      issuer: started.url,
      jwk: own.privateJwk,
      stranger: stranger.privateJwk,
      platformTokens,
    },
    caPath: certificate.caPath,
  });
  assertEquals(found.subjects, [subject, subject, subject]);
  const atMost = Math.ceil((Date.now() - before) / 1000);
  assert(
    found.expiresIn <= 300 && found.expiresIn >= 300 - atMost,
    `${found.expiresIn} of 300 s, the child ran for at most ${atMost} s`,
  );
  assertEquals(found.issuedTokenType, "urn:ietf:params:oauth:token-type:jwt");
  assertStringIncludes(found.stranger, "WWW-Authenticate");
  assertStringIncludes(found.misdirected, "for the issuer itself");
  assertStringIncludes(found.tampered, "Cannot accept the subject token");
  assertStringIncludes(found.replayed, "was used before");
});
