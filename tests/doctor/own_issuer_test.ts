import { assertEquals } from "@std/assert";
import { runDoctor } from "../../doctor/mod.ts";
import { createTestIssuer } from "../../testing/mod.ts";

const GCP_AUDIENCE =
  "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/signet/providers/signet";

Deno.test("runDoctor finds nothing wrong with Signet's own issuer, for any audience", async () => {
  await using issuer = await createTestIssuer({ url: "https://id.acme.example/tenant" });
  const probe = {
    subject: "deployment:test/app/test",
    mint: (audience: string) => issuer.getIdToken(audience),
  };
  const { checks } = await runDoctor({
    issuer: issuer.url,
    fetch: issuer.fetch,
    readTlsChain: () => Promise.resolve({ certificates: [new Uint8Array(1)], trusted: true }),
    vendors: {
      aws: probe,
      gcp: { ...probe, audience: GCP_AUDIENCE },
      azure: probe,
      vault: probe,
      kubernetes: probe,
    },
  });
  const wrong = checks.filter(({ status }) => status === "warn" || status === "fail");
  assertEquals(wrong, []);
  // The in-process issuer sets no Date header, and no vendor is there to log in to.
  const skipped = checks.filter(({ status, id }) => status === "skip" && !id.includes(".login"));
  assertEquals(skipped.map(({ id }) => id), ["issuer.clock"]);
});
