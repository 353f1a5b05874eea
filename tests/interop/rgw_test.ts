/** Ceph RGW as AWS: an OIDC provider, STS and S3 that nobody here wrote. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { decodeProtectedHeader } from "jose";
import { awsCredentials } from "../../client/aws.ts";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { CredentialError } from "../../client/credentials/credential_error.ts";
import type { IssuerOptions } from "../../issuer/create_issuer.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";
import { type CephRgw, startCephRgw } from "./rgw/ceph_rgw.ts";

const wanted = Deno.env.get("SIGNET_TEST_RGW") === "1";
if (!wanted) {
  console.warn(
    "skipped: apt-get install ceph-mon ceph-osd radosgw ceph-common and set SIGNET_TEST_RGW=1 " +
      "(as root) to test with Ceph RGW",
  );
}

const audience = "sts.amazonaws.com";
const subject = "deployment:acme/web/production";
const region = "us-east-1";
const hour = 3_600_000;
const none = "0".repeat(40);
// RGW gives no reasons.
const denied = ["access_denied", "AccessDenied"];

interface ServedIssuer extends StartedIssuer {
  /** Gets tokens as a program of this workload would. */
  getIdTokenOf(workload: string): Promise<(audience: string) => Promise<string>>;
}

/** An issuer on loopback, at a URL that may be another's. */
function serveIssuer(options: Partial<IssuerOptions> = {}): ServedIssuer {
  let fetch = (_: Request) => Promise.resolve(new Response(null, { status: 503 }));
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (r) => fetch(r));
  const started = startIssuer({
    issuer: `http://127.0.0.1:${server.addr.port}`,
    x5c: true,
    ...options,
  });
  started.clock.now = Date.now();
  fetch = (request) => started.issuer.fetch(request);
  return {
    ...started,
    async getIdTokenOf(id) {
      const secret = await started.register({ id, app: id });
      const env = { SIGNET_ISSUER: started.url, SIGNET_REQUEST_TOKEN: secret };
      const client = createIdTokenClient({
        env: (name) => env[name as keyof typeof env],
        now: () => started.clock.now,
        fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
      });
      return (audience) => client.getIdToken(audience);
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await started[Symbol.asyncDispose]();
    },
  };
}

/** What an operator does once: a provider for the issuer, a role for one workload of it. */
async function trust(rgw: CephRgw, { issuer, name }: { issuer: StartedIssuer; name: string }) {
  const iam = new IAMClient({ region, endpoint: rgw.url, credentials: rgw.admin });
  await issuer.issuer.start();
  const { keys } = await (await issuer.get("/.well-known/jwks.json")).json();
  const { OpenIDConnectProviderArn: provider } = await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: issuer.url,
      ClientIDList: [audience],
      // At least one must be named.
      ThumbprintList: keys.map(({ x5c }: { x5c?: string[] }) => x5c ? thumbprint(x5c[0]!) : none),
    }),
  );
  const host = issuer.url.replace("http://", "");
  const { Role: role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
          Effect: "Allow",
          Principal: { Federated: [provider] },
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject } },
        }],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "s3",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: "arn:aws:s3:::*" }],
      }),
    }),
  );
  return role!.Arn!;
}

function thumbprint(certificate: string): string {
  const der = Uint8Array.from(atob(certificate), (char) => char.charCodeAt(0));
  return createHash("sha1").update(der).digest("hex");
}

Deno.test({
  name: "Ceph RGW opens S3 to the token of one workload and to no other",
  ignore: !wanted,
  // The SDK keeps its connections open for a while.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(test) {
    await using rgw = await startCephRgw();
    await using issuer = serveIssuer();
    // Two hours behind at first, so that there is a token that is over.
    issuer.clock.now -= 2 * hour;
    const roleArn = await trust(rgw, { issuer, name: "web" });
    const getIdToken = await issuer.getIdTokenOf("web");
    const expired = await getIdToken(audience);
    issuer.clock.now += 2 * hour;
    const env = () => undefined;
    const credentialsFrom = (
      getIdToken: (audience: string) => Promise<string>,
      more: { audience?: string; roleArn?: string } = {},
    ) => awsCredentials({ roleArn, endpoint: rgw.url, region, env, getIdToken, ...more });
    const refusal = async (credentials: () => Promise<unknown>) => {
      const error = await assertRejects(() => credentials(), CredentialError) as CredentialError;
      assert(!error.message.includes("eyJ"), error.message);
      return [error.code, error.vendorCode];
    };

    await test.step("puts and gets an object", async () => {
      const credentials = credentialsFrom(getIdToken);
      const s3 = new S3Client({ region, endpoint: rgw.url, forcePathStyle: true, credentials });
      await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
      await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "from a token" }));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "k" }));
      assertEquals(await Body!.transformToString(), "from a token");
    });

    await test.step("refuses another audience", async () => {
      const other = credentialsFrom(getIdToken, { audience: "https://api.acme.test" });
      assertEquals(await refusal(other), denied);
    });

    await test.step("refuses another subject of the same issuer", async () => {
      assertEquals(await refusal(credentialsFrom(await issuer.getIdTokenOf("api"))), denied);
    });

    await test.step("refuses a token that is over", async () => {
      assertEquals(await refusal(credentialsFrom(() => Promise.resolve(expired))), denied);
    });

    await test.step("refuses an issuer that it does not know", async () => {
      await using foreign = serveIssuer();
      assertEquals(await refusal(credentialsFrom(await foreign.getIdTokenOf("web"))), denied);
    });

    await test.step("refuses an issuer that calls itself by a known one's name", async () => {
      await using foreign = serveIssuer({ issuer: issuer.url });
      // The issuers of one test process share their first keys.
      for (const _ of [1, 2]) await foreign.admin("POST", "keys/rotate", { emergency: true });
      const { keys } = await (await issuer.get("/.well-known/jwks.json")).json();
      const getForeign = await foreign.getIdTokenOf("web");
      const { kid } = decodeProtectedHeader(await getForeign(audience));
      assert(keys.every((key: { kid: string }) => key.kid !== kid));
      assertEquals(await refusal(credentialsFrom(getForeign)), denied);
    });

    await test.step("follows a rotation, and then refuses what the key before signed", async () => {
      await using rotating = serveIssuer();
      const lead = 25 * hour;
      rotating.clock.now -= lead + 30_000;
      const roleArn = await trust(rgw, { issuer: rotating, name: "rotating" });
      const secret = await rotating.register();
      await rotating.admin("POST", "keys/rotate", {});
      rotating.clock.now += lead - 10_000;
      const mint = async () => (await (await rotating.token(secret, { audience })).json()).value;
      const before = await mint();
      rotating.clock.now = Date.now();
      const after = await mint();
      assert(decodeProtectedHeader(before).kid !== decodeProtectedHeader(after).kid);
      await credentialsFrom(() => Promise.resolve(after), { roleArn })();
      const late = credentialsFrom(() => Promise.resolve(before), { roleArn });
      assertEquals(await refusal(late), denied, "it looks at the first key alone");
    });

    await test.step("refuses keys without certificates, which the option x5c adds", async () => {
      await using plain = serveIssuer({ x5c: false });
      const roleArn = await trust(rgw, { issuer: plain, name: "plain" });
      const without = credentialsFrom(await plain.getIdTokenOf("web"), { roleArn });
      assertEquals(await refusal(without), denied);
    });
  },
});
