import { assert, assertEquals } from "@std/assert";
import { fastestRegion } from "../../../client/aws/fastest_region.ts";
import { nearestRegion } from "../../../client/aws/nearest_region.ts";
import { partitionById, stsUrl } from "../../../client/aws/partitions.ts";
import { regionsToTry } from "../../../client/aws/regions_to_try.ts";
import { contextOf } from "../../../client/credentials/context.ts";

const aws = partitionById("aws")!;

/** A network where one region answers and the others take their time. */
function network(answers: string | undefined) {
  const hosts: string[] = [];
  const stopped: string[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const { host } = new URL(String(input));
    hosts.push(host);
    if (answers && host.includes(answers)) {
      return Promise.resolve(new Response(null, { status: 302 }));
    }
    return new Promise((_, reject) => {
      init!.signal!.addEventListener("abort", () => {
        stopped.push(host);
        reject(init!.signal!.reason);
      });
    });
  };
  return { hosts, stopped, fetch };
}

Deno.test("fastestRegion takes the region that answers first and stops asking the others", async () => {
  const { hosts, stopped, fetch } = network("ap-southeast-1");
  assertEquals(await fastestRegion(aws, {}, contextOf({ fetch })), "ap-southeast-1");
  assertEquals([hosts.length, stopped.length], [5, 4]);
});

Deno.test("fastestRegion asks no region that an account must opt in to", () => {
  const optIn = [
    "af-south-1",
    "ap-east-1",
    "me-south-1",
    "il-central-1",
    "eu-south-1",
    "eu-central-2",
  ];
  assert(!aws.common.some((region) => optIn.includes(region)));
});

Deno.test({
  name: "fastestRegion asks nobody whom the program may not reach",
  permissions: { net: ["sts.eu-central-1.amazonaws.com", "sts.us-west-2.amazonaws.com:443"] },
  async fn() {
    const { hosts, fetch } = network("eu-central-1");
    assertEquals(await fastestRegion(aws, {}, contextOf({ fetch })), "eu-central-1");
    assertEquals(hosts.toSorted(), [
      "sts.eu-central-1.amazonaws.com",
      "sts.us-west-2.amazonaws.com",
    ]);
  },
});

Deno.test("fastestRegion falls back to the partition's first when none answers", async () => {
  const { fetch } = network(undefined);
  assertEquals(await fastestRegion(aws, {}, contextOf({ fetch, timeoutMs: 5 })), "us-east-1");
  const down = () => Promise.reject(new TypeError("down"));
  assertEquals(await fastestRegion(aws, {}, contextOf({ fetch: down })), "us-east-1");
});

Deno.test("fastestRegion asks FIPS endpoints only where AWS has them, and nobody where there is one", async () => {
  const { hosts, fetch } = network("us-west-2");
  assertEquals(await fastestRegion(aws, { useFips: true }, contextOf({ fetch })), "us-west-2");
  assertEquals(hosts, ["sts-fips.us-east-1.amazonaws.com", "sts-fips.us-west-2.amazonaws.com"]);
  const europe = partitionById("aws-eusc")!;
  assertEquals(await fastestRegion(europe, {}, contextOf({ fetch })), "eusc-de-east-1");
  assertEquals(hosts.length, 2);
});

Deno.test("regionsToTry goes by option, environment, SDK, platform, measurement", async () => {
  const { fetch } = network("eu-central-1");
  const vars: Record<string, string> = {
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-2",
    DENO_REGION: "europe-west2",
  };
  const context = contextOf({ fetch, env: (name) => vars[name] });
  const callerRegion = () => Promise.resolve("sa-east-1");
  const first = async (region?: string, caller?: typeof callerRegion) =>
    (await regionsToTry({ partition: aws, kind: {}, region, callerRegion: caller }, context))[0];
  assertEquals(await first("us-east-2", callerRegion), "us-east-2");
  assertEquals(await first(undefined, callerRegion), "eu-west-1");
  delete vars.AWS_REGION;
  assertEquals(await first(undefined, callerRegion), "eu-west-2");
  delete vars.AWS_DEFAULT_REGION;
  assertEquals(await first(undefined, callerRegion), "sa-east-1");
  assertEquals(await first(undefined, () => Promise.reject(new Error("no region"))), "eu-west-2");
  delete vars.DENO_REGION;
  assertEquals(await first(), "eu-central-1");
});

Deno.test("regionsToTry signs for the named region at an endpoint of its own, and measures nothing", async () => {
  const vars: Record<string, string> = { AWS_REGION: "eu-central-1", DENO_REGION: "europe-west2" };
  const fetch = () => Promise.reject(new Error("nobody is to be asked"));
  const context = contextOf({ fetch, env: (name) => vars[name] });
  const first = async (callerRegion?: () => Promise<string>) => {
    const question = { partition: aws, kind: {}, fixedEndpoint: true, callerRegion };
    return (await regionsToTry(question, context))[0];
  };
  assertEquals(await first(), "eu-central-1");
  delete vars.AWS_REGION;
  assertEquals(await first(() => Promise.resolve("sa-east-1")), "sa-east-1");
  assertEquals(await first(), "us-east-1");
});

Deno.test("regionsToTry takes no region of another partition", async () => {
  const china = partitionById("aws-cn")!;
  const { fetch } = network("cn-northwest-1");
  const context = contextOf({
    fetch,
    env: (name) => name === "AWS_REGION" ? "us-east-1" : undefined,
  });
  assertEquals(await regionsToTry({ partition: china, kind: {} }, context), [
    "cn-northwest-1",
    "cn-north-1",
  ]);
});

Deno.test("nearestRegion knows Google's names and airports", () => {
  const at = (name: string, value: string) => nearestRegion((n) => n === name ? value : undefined);
  assertEquals(at("DENO_REGION", "us-east4"), "us-east-1");
  assertEquals(at("DENO_REGION", "asia-southeast1"), "ap-southeast-1");
  assertEquals(at("VERCEL_REGION", "fra1"), "eu-central-1");
  assertEquals(at("FLY_REGION", "gru"), "sa-east-1");
  assertEquals(at("FLY_REGION", "moon"), undefined);
});

Deno.test("stsUrl has GovCloud's plain host for FIPS", () => {
  const gov = partitionById("aws-us-gov")!;
  assertEquals(
    stsUrl(gov, "us-gov-west-1", { useFips: true }),
    "https://sts.us-gov-west-1.amazonaws.com",
  );
});
