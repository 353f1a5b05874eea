/** google-auth-library and Cloud Storage's client, as published, against a strict stand-in for Google. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Storage } from "@google-cloud/storage";
import { IdentityPoolClient, type IdentityPoolClientOptions } from "google-auth-library";
import { subjectTokenSupplier } from "../../client/gcp.ts";
import { type CloudIssuer, startCloudIssuer } from "../_support/cloud_issuer.ts";
import { type FakeGoogle, fakeGoogle } from "./fakes/google.ts";

const name =
  "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer";
const principal = name.replace("//", "principal://").replace("/providers/issuer", "/subject/") +
  "deployment:acme/web/production";
const account = "web@shop.iam.gserviceaccount.com";

interface Scene {
  issuer: CloudIssuer;
  google: FakeGoogle;
  url: string;
  client(options?: Partial<IdentityPoolClientOptions>): IdentityPoolClient;
}

async function inScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  await using issuer = await startCloudIssuer();
  const google = fakeGoogle({
    providers: [{ name, issuer: issuer.url }],
    accounts: [{ email: account, users: [principal] }],
    storageUsers: [principal, `serviceAccount:${account}`],
  });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => google.fetch(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const client = (more?: Partial<IdentityPoolClientOptions>) =>
    new IdentityPoolClient({
      audience: name,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      subject_token_supplier: subjectTokenSupplier({ getIdToken: issuer.getIdToken }),
      token_url: `${url}/v1/token`,
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
      ...more,
    });
  await use({ issuer, google, url, client });
}

// The libraries keep their connections open for a while.
const keptAlive = { sanitizeResources: false, sanitizeOps: false };

async function saveAndRead(authClient: IdentityPoolClient, url: string): Promise<string> {
  const storage = new Storage({
    projectId: "shop",
    apiEndpoint: url,
    useAuthWithCustomEndpoint: true,
    authClient,
    retryOptions: { autoRetry: false },
  });
  const file = storage.bucket("orders").file("a b.txt");
  await file.save("hello", { resumable: false, validation: false });
  const [content] = await file.download({ validation: false });
  return content.toString();
}

Deno.test(
  "Cloud Storage saves and reads an object as the identity itself",
  keptAlive,
  () =>
    inScene(async ({ issuer, google, url, client }) => {
      assertEquals(await saveAndRead(client(), url), "hello");
      assertEquals(google.log.filter((line) => line === "POST /v1/token").length, 1);
      assertEquals(issuer.minted.length, 1);
    }),
);

Deno.test(
  "Cloud Storage saves and reads an object as a service account",
  keptAlive,
  () =>
    inScene(async ({ google, url, client }) => {
      const service_account_impersonation_url =
        `${url}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
      assertEquals(await saveAndRead(client({ service_account_impersonation_url }), url), "hello");
      assertEquals(google.log.filter((line) => line.includes("generateAccessToken")).length, 1);
    }),
);

Deno.test(
  "IdentityPoolClient exchanges an hour's token once for five calls",
  keptAlive,
  () =>
    inScene(async ({ google, client }) => {
      const pool = client();
      for (let n = 0; n < 5; n++) await pool.getAccessToken();
      assertEquals(google.log, ["POST /v1/token"]);
    }),
);

Deno.test(
  "IdentityPoolClient shows what Google refuses",
  keptAlive,
  () =>
    inScene(async ({ issuer, client }) => {
      issuer.mutation = { claims: { aud: "other" } };
      const error = await assertRejects(() => client().getAccessToken()) as Error;
      assertStringIncludes(error.message, "does not match the expected audience");
    }),
);
