/** The programs that enter a cloud: a real issuer, and a strict stand-in for the cloud that verifies for itself. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { fakeAws } from "../interop/fakes/aws.ts";
import { fakeEntra } from "../interop/fakes/entra.ts";
import { fakeGoogle } from "../interop/fakes/google.ts";
import { fakeKubernetes } from "../interop/fakes/kubernetes.ts";
import { fakeVault } from "../interop/fakes/vault.ts";
import { standIn, startApp } from "./_apps.ts";
import { deno } from "./_support.ts";

const sub = "deployment:acme/web/production";
const put = (body: string): RequestInit => ({ method: "PUT", body });

/** A real issuer with the workload that the clouds trust, and another that they do not. */
async function startSignet() {
  const signet = listeningIssuer();
  const issue = async (app: string) => ({
    SIGNET_ISSUER: signet.url,
    SIGNET_REQUEST_TOKEN: await signet.register({ id: app, app }),
  });
  return { signet, web: await issue("web"), stranger: await issue("stranger") };
}

Deno.test("examples/dynamodb_app.ts keeps orders in DynamoDB as the role, and only the trusted workload does", async () => {
  const { signet, web, stranger } = await startSignet();
  await using _ = signet;
  const roleArn = "arn:aws:iam::123456789012:role/web";
  const trust = { issuer: signet.url, aud: "sts.amazonaws.com", sub, boundByIdp: true };
  const aws = fakeAws({
    providers: [{ account: "123456789012", issuer: signet.url, clientIds: [trust.aud] }],
    roles: [{ arn: roleArn, web: trust }],
  });
  await using cloud = standIn((request) => aws.fetch(request));
  const place = {
    SIGNET_AWS_ROLE_ARN: roleArn,
    SIGNET_AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL_STS: cloud.url,
    AWS_ENDPOINT_URL_DYNAMODB: cloud.url,
  };
  const flags = ["-A"]; // the SDK looks for its configuration in many places
  await using app = await startApp("dynamodb_app.ts", { env: { ...web, ...place }, flags });
  assertEquals(await app.ask("/7", put("12")), [201, "stored"], app.log.text);
  assertEquals(await app.ask("/7"), [200, "12"]);
  assertEquals(await app.ask("/8"), [404, "no such order"]);
  assertEquals(aws.log.filter((line) => line.includes("Assume")).length, 1);

  await using other = await startApp("dynamodb_app.ts", { env: { ...stranger, ...place }, flags });
  assertEquals((await other.ask("/7"))[0], 500);
  assertStringIncludes(other.log.text, "AwsCredentialError");
});

Deno.test("examples/cloud_storage_app.ts keeps notes in Cloud Storage, and only the trusted workload does", async () => {
  const { signet, web, stranger } = await startSignet();
  await using _ = signet;
  const pool =
    "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet";
  const name = `//${pool}/providers/issuer`;
  const google = fakeGoogle({
    providers: [{ name, issuer: signet.url }],
    storageUsers: [`principal://${pool}/subject/${sub}`],
  });
  await using cloud = standIn((request) => google.fetch(request));
  const place = {
    SIGNET_GCP_WORKLOAD_PROVIDER: name.replace("//iam.googleapis.com/", ""),
    GOOGLE_PROJECT: "shop",
    GOOGLE_TOKEN_URL: `${cloud.url}/v1/token`,
    STORAGE_EMULATOR_HOST: cloud.url,
  };
  const flags = ["-A"]; // the SDK looks for its configuration in many places
  await using app = await startApp("cloud_storage_app.ts", { env: { ...web, ...place }, flags });
  assertEquals(await app.ask("/a", put("hello")), [201, "stored"], app.log.text);
  assertEquals(await app.ask("/a"), [200, "hello"], app.log.text);
  assertEquals(await app.ask("/b"), [404, "no such note"]);
  assertEquals(google.log.filter((line) => line === "POST /v1/token").length, 1);

  const env = { ...stranger, ...place };
  await using other = await startApp("cloud_storage_app.ts", { env, flags });
  assertEquals(await other.ask("/a"), [502, "storage refused"]);
  assertStringIncludes(other.log.text, "Cloud Storage refused: ");
  assertStringIncludes(other.log.text, " 403\n");
  assert(!/ya29|Bearer/.test(other.log.text), other.log.text);
});

Deno.test("examples/azure_blob_app.ts keeps notes in Blob Storage, and only the trusted workload does", async () => {
  const { signet, web, stranger } = await startSignet();
  await using _ = signet;
  const audience = "api://AzureADTokenExchange";
  const app = { tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47", clientId: "11111111-2222" };
  const credentials = [{ issuer: signet.url, subject: sub, audience }];
  const entra = fakeEntra({ apps: [{ ...app, credentials }] });
  await using authority = standIn((request) => entra.fetch(request));
  const notes = new Map<string, string>();
  await using blobs = standIn(async (request) => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const scope = "https://storage.azure.com/.default";
    if (entra.tokens.get(token)?.scope !== scope) return new Response(null, { status: 401 });
    // Tokens of Entra need this version or a later one.
    if ((request.headers.get("x-ms-version") ?? "") < "2017-11-09") {
      return new Response(null, { status: 400 });
    }
    const { pathname } = new URL(request.url);
    if (request.method !== "PUT") {
      return new Response(notes.get(pathname), { status: notes.has(pathname) ? 200 : 404 });
    }
    const whole = request.headers.get("x-ms-blob-type") === "BlockBlob";
    if (whole) notes.set(pathname, await request.text());
    return new Response(null, { status: whole ? 201 : 400 });
  });
  const place = {
    SIGNET_AZURE_TENANT_ID: app.tenantId,
    SIGNET_AZURE_CLIENT_ID: app.clientId,
    AZURE_AUTHORITY_HOST: authority.url,
    BLOB_URL: blobs.url,
  };
  await using own = await startApp("azure_blob_app.ts", { env: { ...web, ...place } });
  assertEquals(await own.ask("/a", put("hello")), [201, "stored"], own.log.text);
  assertEquals(await own.ask("/a"), [200, "hello"]);
  assertEquals(await own.ask("/b"), [404, "no such note"]);
  assertEquals([[...notes.keys()], entra.forms.length], [["/notes/a"], 1]);

  await using other = await startApp("azure_blob_app.ts", { env: { ...stranger, ...place } });
  assertEquals((await other.ask("/a"))[0], 500);
  assertStringIncludes(other.log.text, "AADSTS700213");
});

Deno.test("examples/vault_secret.ts reads a secret and gives its session back, and only the trusted workload does", async () => {
  const { signet, web, stranger } = await startSignet();
  await using _ = signet;
  const role = { boundAudiences: ["vault"], boundSubject: sub };
  const vault = fakeVault({ issuer: signet.url, boundIssuer: signet.url, roles: { web: role } });
  vault.secrets.set("secret/data/web/database", { user: "shop", password: "hunter2" });
  await using server = standIn((request) => vault.fetch(request));
  const place = { VAULT_ADDR: server.url, SIGNET_VAULT_ROLE: "web" };
  const args = [
    "run",
    "--no-prompt",
    "--lock=tests/deno.lock",
    "--allow-env",
    "--allow-net=127.0.0.1",
  ]
    .concat("examples/vault_secret.ts");
  const read = await deno(args, { env: { ...web, ...place } });
  assertEquals(read.stdout, "secret/data/web/database holds: user, password\n", read.stderr);
  assertEquals([read.code, vault.leases.size], [0, 0]);

  const absent = await deno([...args, "secret/data/web/nothing"], { env: { ...web, ...place } });
  assertEquals([absent.code, vault.leases.size], [1, 0]);
  const other = await deno(args, { env: { ...stranger, ...place } });
  assertEquals(other.code, 2);
  assertStringIncludes(other.stderr, "invalid subject (sub) claim");
});

Deno.test("examples/kubectl_exec.ts prints what kubectl reads, with a token that the API server takes", async () => {
  const { signet, web } = await startSignet();
  await using _ = signet;
  const cluster = fakeKubernetes({
    issuer: signet.url,
    audiences: ["kubernetes"],
    usernamePrefix: "signet:",
    viewers: [`signet:${sub}`],
  });
  const info = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false },
  };
  const args = [
    "run",
    "--no-prompt",
    "--lock=tests/deno.lock",
    "--allow-env",
    "--allow-net=127.0.0.1",
  ]
    .concat("examples/kubectl_exec.ts", "kubernetes");
  const env = { ...web, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const { code, stdout, stderr } = await deno(args, { env });
  assertEquals(code, 0, stderr);
  const { apiVersion, kind, status } = JSON.parse(stdout);
  assertEquals([apiVersion, kind], [info.apiVersion, info.kind]);
  assertEquals(new Date(status.expirationTimestamp) > new Date(), true);
  const pods = await cluster.fetch("https://cluster.test/api/v1/namespaces/shop/pods", {
    headers: { authorization: `Bearer ${status.token}` },
  });
  assertEquals([pods.status, (await pods.json()).kind], [200, "PodList"]);
});
