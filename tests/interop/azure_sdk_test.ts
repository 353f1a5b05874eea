/**
 * `@azure/identity` and Azure's HTTP pipeline, as published, against a strict stand-in for Entra. Both insist on
 * https, so a child process runs them with a throwaway certificate that it is told to trust.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startCloudIssuer } from "../_support/cloud_issuer.ts";
import { throwawayCertificate } from "../_support/throwaway_certificate.ts";
import { fakeEntra } from "./fakes/entra.ts";

const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const clientId = "11111111-2222-3333-4444-555555555555";
const scope = "https://storage.azure.com/.default";

async function runChild(subject: string) {
  await using issuer = await startCloudIssuer();
  await using certificate = await throwawayCertificate();
  const audience = "api://AzureADTokenExchange";
  const credentials = [{ issuer: issuer.url, subject, audience }];
  const entra = fakeEntra({ apps: [{ tenantId, clientId, credentials }] });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {}, cert: certificate.cert, key: certificate.key },
    (request) => entra.fetch(request),
  );
  const authority = `https://127.0.0.1:${server.addr.port}`;
  const input = { authority, tenantId, clientId, scope, idToken: await issuer.mint(audience) };
  const child = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      `--lock=${lockPath}`,
      "--cert",
      certificate.caPath,
      childPath,
      JSON.stringify(input),
    ],
    env: { NODE_EXTRA_CA_CERTS: certificate.caPath },
  }).output();
  const text = new TextDecoder();
  return {
    entra,
    output: text.decode(child.stdout).trim().split("\n"),
    problems: text.decode(child.stderr),
  };
}

const childPath = new URL("./azure_sdk_child.ts", import.meta.url).pathname;
const lockPath = new URL("../deno.lock", import.meta.url).pathname;

Deno.test("@azure/identity and Azure's pipeline get tokens by azureAssertion and azureCredential", async () => {
  const { output, problems, entra } = await runChild("deployment:acme/web/production");
  assertEquals(problems, "");
  const who = JSON.stringify({ clientId, scope });
  assertEquals(output, [`library ${who}`, `helper ${who}`, "minted 2"]);
  assertEquals(entra.log.filter((line) => line.startsWith("POST")).length, 2);
});

Deno.test("@azure/identity and azureCredential both show what Entra refuses", async () => {
  const { output } = await runChild("deployment:acme/web/preview");
  assertStringIncludes(output[0]!, "library AuthenticationRequiredError");
  assertStringIncludes(output[0]!, "AADSTS700213");
  assertStringIncludes(output[1]!, "helper AzureCredentialError");
  assertStringIncludes(output[1]!, "AADSTS700213");
});
