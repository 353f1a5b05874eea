import { assertEquals, assertStringIncludes } from "@std/assert";
import { ExternalAccountClient } from "google-auth-library";
import { listeningIssuer } from "../../_support/listening_issuer.ts";
import { fakeGoogle } from "../fakes/google.ts";
import { refusalOf, subject, tamper } from "./_support.ts";

const provider =
  "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer";

// The library keeps its connections open for a while.
const keptAlive = { sanitizeResources: false, sanitizeOps: false };

Deno.test(
  "google-auth-library's url-sourced credentials enter Google Cloud straight from the issuer",
  keptAlive,
  async () => {
    await using started = listeningIssuer();
    const requestToken = await started.register();
    const google = fakeGoogle({ providers: [{ name: provider, issuer: started.url }] });
    const listen = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using sts = Deno.serve(listen, (request) => google.fetch(request));
    await using forger = Deno.serve(listen, async (request) => {
      const { search } = new URL(request.url);
      const { headers } = request;
      const answer = await started.get(`/token${search}`, { headers });
      return Response.json({ value: tamper((await answer.json()).value) });
    });
    const credential = (url: string, audience: string) =>
      ExternalAccountClient.fromJSON({
        type: "external_account",
        audience: provider,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: `http://127.0.0.1:${sts.addr.port}/v1/token`,
        credential_source: {
          url: `${url}?audience=${encodeURIComponent(audience)}`,
          headers: { authorization: `Bearer ${requestToken}` },
          format: { type: "json", subject_token_field_name: "value" },
        },
        scopes: ["https://www.googleapis.com/auth/cloud-platform"],
      })!;

    const { token } = await credential(`${started.url}/token`, `https:${provider}`)
      .getAccessToken();
    assertStringIncludes(google.world.grants.get(token!)!.principal, `/subject/${subject}`);
    assertEquals(google.log, ["POST /v1/token"]);
    const misdirected = credential(`${started.url}/token`, "https://other.acme.test");
    assertStringIncludes(await refusalOf(misdirected.getAccessToken()), "audience in ID Token");
    const tampered = credential(`http://127.0.0.1:${forger.addr.port}/`, `https:${provider}`);
    assertStringIncludes(await refusalOf(tampered.getAccessToken()), "verify the ID Token");
  },
);
