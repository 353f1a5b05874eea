/** The whole way with our own parts: Signet issuer over HTTP, client, helper; then each vendor's stand-in. */
import { assertEquals } from "@std/assert";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { awsCredentials } from "../../client/aws.ts";
import { azureCredential } from "../../client/azure.ts";
import { googleAccessToken } from "../../client/gcp.ts";
import { kubernetesToken } from "../../client/kubernetes.ts";
import { vaultLogin } from "../../client/vault.ts";
import { createTestIssuer } from "../../testing/mod.ts";
import { fakeAws } from "./fakes/aws.ts";
import { fakeEntra } from "./fakes/entra.ts";
import { fakeGoogle } from "./fakes/google.ts";
import { fakeKubernetes } from "./fakes/kubernetes.ts";
import { fakeVault } from "./fakes/vault.ts";

const roleArn = "arn:aws:iam::123456789012:role/web";
const provider =
  "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/signet/providers/issuer";
const sub = "deployment:acme/web/production";

Deno.test("a workload of a Signet issuer enters AWS, Google, Azure, Vault and Kubernetes", async () => {
  const port = freePort();
  const url = `http://127.0.0.1:${port}/identity`;
  await using issuer = await createTestIssuer({
    url,
    org: "acme",
    app: "web",
    context: "production",
  });
  await using _server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen() {} },
    (request) => issuer.fetch(request.url, request),
  );
  const env = (name: string): string | undefined => issuer.env[name];
  using client = createIdTokenClient({ env });

  const web = { issuer: url, aud: "sts.amazonaws.com", sub, boundByIdp: true, tagSession: true };
  const aws = fakeAws({
    providers: [{ account: "123456789012", issuer: url, clientIds: [web.aud] }],
    roles: [{ arn: roleArn, web }],
  });
  const sessionTags = ["app", "context"];
  const aid = awsCredentials({
    roleArn,
    region: "us-east-1",
    client,
    env,
    fetch: aws.fetch,
    sessionTags,
  });
  const session = aws.world.sessions.get((await aid()).accessKeyId);
  assertEquals(session?.tags, { app: "web", context: "production" });

  const google = fakeGoogle({ providers: [{ name: provider, issuer: url }] });
  const access = await googleAccessToken({ provider, client, env, fetch: google.fetch })();
  const hour = Math.round((access.expiresAt.getTime() - Date.now()) / 60_000);
  assertEquals([google.world.grants.get(access.token)?.principal.endsWith(sub), hour], [true, 60]);

  const credentials = [{ issuer: url, subject: sub, audience: "api://AzureADTokenExchange" }];
  const entra = fakeEntra({ apps: [{ tenantId: "t", clientId: "c", credentials }] });
  const azure = azureCredential({ tenantId: "t", clientId: "c", client, env, fetch: entra.fetch });
  const scope = "https://storage.azure.com/.default";
  const { token } = await azure.getToken(scope);
  assertEquals(entra.tokens.get(token)?.scope, scope);

  const role = { boundAudiences: ["vault"], boundSubject: sub, boundClaims: { app: "web" } };
  const vault = fakeVault({ issuer: url, boundIssuer: url, roles: { web: role } });
  const address = "https://vault.test";
  const login = { address, role: "web", client, env, fetch: vault.fetch };
  await using held = await vaultLogin(login);
  assertEquals(held.info.policies, ["default", "web"]);

  const cluster = fakeKubernetes({ issuer: url, audiences: ["kubernetes"], usernamePrefix: "" });
  const bearer = await kubernetesToken({ audience: "kubernetes", client, env })();
  const review = await cluster.fetch(
    "https://cluster.test/apis/authentication.k8s.io/v1/selfsubjectreviews",
    { method: "POST", headers: { authorization: `Bearer ${bearer}` } },
  );
  assertEquals((await review.json()).status.userInfo.username, sub);
});

Deno.test("a source that cannot bind roles still enters AWS by way of the real client", async () => {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  await using issuer = await createTestIssuer({
    url,
    org: "acme",
    app: "web",
    context: "production",
  });
  await using _server = Deno.serve(
    { port, hostname: "127.0.0.1", onListen() {} },
    (request) => issuer.fetch(request.url, request),
  );
  const env = () => undefined;
  using client = createIdTokenClient({ env, source: (audience) => issuer.getIdToken(audience) });
  const web = { issuer: url, aud: "sts.amazonaws.com", sub };
  const aws = fakeAws({
    providers: [{ account: "123456789012", issuer: url, clientIds: [web.aud] }],
    roles: [{ arn: roleArn, web }],
  });
  const options = { roleArn, region: "us-east-1", client, env, fetch: aws.fetch };
  assertEquals((await awsCredentials(options)()).accountId, "123456789012");
  const google = fakeGoogle({ providers: [{ name: provider, issuer: url }] });
  await googleAccessToken({ provider, client, env, fetch: google.fetch })();
});

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return (listener.addr as Deno.NetAddr).port;
}
