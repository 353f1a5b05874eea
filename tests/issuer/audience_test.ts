import { assertEquals, assertNotEquals } from "@std/assert";
import { allowsAudience, audienceFault, isOwnAudience } from "../../issuer/audience.ts";
import { selectProfile } from "../../issuer/select_profile.ts";

Deno.test("threat 18: isOwnAudience finds every spelling of the issuer", () => {
  const own = [
    "https://tokens.test/acme",
    "https://tokens.test/acme/",
    "https://tokens.test/acme/token",
    "https://TOKENS.test/acme",
    "https://tokens.test:443/acme",
    "http://tokens.test/acme/admin",
    "https://tokens.test/%61cme",
    "https://tokens.test/x/../acme",
  ];
  for (const audience of own) {
    assertEquals(isOwnAudience(audience, "https://tokens.test/acme"), true, audience);
  }
  const foreign = ["https://tokens.test/acme-2", "https://tokens.test/other", "sts.amazonaws.com"];
  for (const audience of foreign) {
    assertEquals(isOwnAudience(audience, "https://tokens.test/acme"), false, audience);
  }
  assertEquals(isOwnAudience("tokens.test", "https://tokens.test"), true);
  assertEquals(isOwnAudience("https://tokens.test", "https://tokens.test"), true);
});

Deno.test("allowsAudience needs a written * to allow all", () => {
  assertEquals(allowsAudience([], "sts.amazonaws.com"), false);
  assertEquals(allowsAudience(["*"], "https://any.test/a/b"), true);
  assertEquals(allowsAudience(["sts.amazonaws.com"], "STS.amazonaws.com"), false);
});

Deno.test("audienceFault refuses what no relying party can be called", () => {
  for (const audience of ["", "a b", "a\n", "é", "a".repeat(601)]) {
    assertNotEquals(audienceFault(audience), undefined);
  }
  assertEquals(audienceFault("api://AzureADTokenExchange"), undefined);
});

Deno.test("selectProfile finds each cloud by its audience and puts the operator's own first", () => {
  const provider =
    "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/v";
  const expected = {
    "sts.amazonaws.com": "aws",
    [`https://${provider}`]: "gcp",
    [`//${provider}`]: "gcp",
    "api://AzureADTokenExchange": "azure",
    "api://AzureADTokenExchangeUSGov": "azure",
    vault: "vault",
    kubernetes: "kubernetes",
    "https://kubernetes.default.svc.cluster.local": "kubernetes",
    "https://api.acme.test": "default",
  };
  for (const [audience, profile] of Object.entries(expected)) {
    assertEquals(selectProfile([], audience).name, profile, audience);
  }
  const own = [{ name: "mine", audiences: ["vault"], alg: "EdDSA" as const }];
  assertEquals(selectProfile(own, "vault").name, "mine");
});
