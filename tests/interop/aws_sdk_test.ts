/** The AWS SDK for JavaScript v3, as published, with our credentials against a strict stand-in for AWS. */
import { assertEquals, assertRejects } from "@std/assert";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentityProvider as SdkProvider } from "@smithy/types";
import {
  type AwsCredentials,
  awsCredentials,
  type AwsCredentialsOptions,
} from "../../client/aws.ts";
import { partitionById, stsUrl } from "../../client/aws/partitions.ts";
import { startCloudIssuer } from "../_support/cloud_issuer.ts";
import { type FakeAws, fakeAws } from "./fakes/aws.ts";

const roleArn = "arn:aws:iam::123456789012:role/web";
const aud = "sts.amazonaws.com";
const region = "eu-central-1";

interface Scene {
  aws: FakeAws;
  endpoint: string;
  credentials(options?: AwsCredentialsOptions): AwsCredentials;
}

async function inScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  await using issuer = await startCloudIssuer();
  const web = { issuer: issuer.url, aud, sub: "deployment:acme/web/production", boundByIdp: true };
  const aws = fakeAws({
    providers: [{ account: "123456789012", issuer: issuer.url, clientIds: [aud] }],
    roles: [{ arn: roleArn, web }],
  });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => aws.fetch(request),
  );
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const base = { roleArn, endpoint, getIdToken: issuer.getIdToken, env: () => undefined };
  await use({ aws, endpoint, credentials: (more) => awsCredentials({ ...base, ...more }) });
}

// The SDK keeps its connections open for a while.
const keptAlive = { sanitizeResources: false, sanitizeOps: false };

Deno.test("AwsCredentials is what the SDK calls a provider", () => {
  const assign = (provider: AwsCredentials): SdkProvider => provider;
  assertEquals(typeof assign, "function");
});

Deno.test(
  "client-s3 puts and gets an object with awsCredentials",
  keptAlive,
  () =>
    inScene(async ({ aws, endpoint, credentials }) => {
      const s3 = new S3Client({
        region,
        endpoint,
        forcePathStyle: true,
        credentials: credentials(),
      });
      const place = { Bucket: "shop", Key: "a b/ü.txt" };
      await s3.send(new PutObjectCommand({ ...place, Body: "hello" }));
      const { Body } = await s3.send(new GetObjectCommand(place));
      assertEquals(await Body!.transformToString(), "hello");
      assertEquals(aws.log.filter((line) => line.includes("Assume")).length, 1);
      s3.destroy();
    }),
);

Deno.test(
  "client-dynamodb puts and gets an item with awsCredentials",
  keptAlive,
  () =>
    inScene(async ({ endpoint, credentials }) => {
      const dynamo = new DynamoDBClient({ region, endpoint, credentials: credentials() });
      const Item = { id: { S: "1" }, total: { N: "12" } };
      await dynamo.send(new PutItemCommand({ TableName: "orders", Item }));
      const got = await dynamo.send(
        new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } } }),
      );
      assertEquals(got.Item, Item);
      dynamo.destroy();
    }),
);

Deno.test(
  "client-sts sees the role that awsCredentials took",
  keptAlive,
  () =>
    inScene(async ({ endpoint, credentials }) => {
      const sts = new STSClient({ region, endpoint, credentials: credentials() });
      const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
      assertEquals(
        Arn,
        "arn:aws:sts::123456789012:assumed-role/web/deployment-acme-web-production",
      );
      assertEquals(Account, "123456789012");
      sts.destroy();
    }),
);

Deno.test(
  "an SDK client passes its region on to awsCredentials",
  keptAlive,
  () =>
    inScene(async ({ aws, endpoint, credentials }) => {
      const provider = credentials({ endpoint: undefined, fetch: aws.fetch });
      const sts = new STSClient({ region: "ap-south-1", endpoint, credentials: provider });
      await sts.send(new GetCallerIdentityCommand({}));
      assertEquals(aws.log[0], "POST sts.ap-south-1.amazonaws.com AssumeRoleWithWebIdentity");
      sts.destroy();
    }),
);

Deno.test(
  "an SDK client fails with our error when the role is refused",
  keptAlive,
  () =>
    inScene(async ({ endpoint, credentials }) => {
      const other = credentials({ roleArn: "arn:aws:iam::123456789012:role/other" });
      const sts = new STSClient({ region, endpoint, credentials: other });
      const error = await assertRejects(() => sts.send(new GetCallerIdentityCommand({}))) as Error;
      assertEquals([error.name, "code" in error && error.code], [
        "AwsCredentialError",
        "access_denied",
      ]);
      sts.destroy();
    }),
);

Deno.test(
  "the stand-in refuses an SDK client whose secret is wrong",
  keptAlive,
  () =>
    inScene(async ({ endpoint, credentials }) => {
      const wrong = async () => ({ ...await credentials()(), secretAccessKey: "wrong" });
      const s3 = new S3Client({ region, endpoint, forcePathStyle: true, credentials: wrong });
      const error = await assertRejects(() =>
        s3.send(new GetObjectCommand({ Bucket: "shop", Key: "a" }))
      ) as Error;
      assertEquals(error.name, "SignatureDoesNotMatch");
      s3.destroy();
    }),
);

Deno.test("stsUrl builds the hosts that the SDK's endpoint rules build", () => {
  const places = {
    aws: ["us-east-1", "eu-central-1", "ap-southeast-3", "ca-west-1", "mx-central-1"],
    "aws-cn": ["cn-north-1", "cn-northwest-1"],
    "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
    "aws-eusc": ["eusc-de-east-1"],
    "aws-iso": ["us-iso-east-1"],
    "aws-iso-b": ["us-isob-east-1"],
    "aws-iso-e": ["eu-isoe-west-1"],
    "aws-iso-f": ["us-isof-south-1"],
  };
  const sts = new STSClient({ region });
  for (const [id, regions] of Object.entries(places)) {
    for (const Region of regions) {
      for (
        const [UseFIPS, UseDualStack] of [[false, false], [true, false], [false, true], [
          true,
          true,
        ]]
      ) {
        const rules = sts.config.endpointProvider({ Region, UseFIPS, UseDualStack });
        const ours = stsUrl(partitionById(id)!, Region, {
          useFips: UseFIPS,
          useDualstack: UseDualStack,
        });
        assertEquals(`${ours}/`, rules.url.href);
      }
    }
  }
  sts.destroy();
});
