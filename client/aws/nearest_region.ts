// Airport codes, as Vercel and Fly name their regions, to the nearest AWS region that is on in every account.
const airports: Record<string, string> = {
  iad: "us-east-1",
  ewr: "us-east-1",
  bos: "us-east-1",
  mia: "us-east-1",
  cle: "us-east-2",
  ord: "us-east-2",
  dfw: "us-east-2",
  yyz: "ca-central-1",
  sfo: "us-west-1",
  sjc: "us-west-1",
  lax: "us-west-1",
  pdx: "us-west-2",
  sea: "us-west-2",
  gru: "sa-east-1",
  dub: "eu-west-1",
  lhr: "eu-west-2",
  cdg: "eu-west-3",
  fra: "eu-central-1",
  ams: "eu-central-1",
  arn: "eu-north-1",
  hnd: "ap-northeast-1",
  nrt: "ap-northeast-1",
  icn: "ap-northeast-2",
  kix: "ap-northeast-3",
  sin: "ap-southeast-1",
  hkg: "ap-southeast-1",
  syd: "ap-southeast-2",
  bom: "ap-south-1",
};

// Google's region names, as Deno Deploy Classic has them; the first that fits counts.
const prefixes: readonly (readonly [string, string])[] = [
  ["us-west", "us-west-2"],
  ["us-", "us-east-1"],
  ["northamerica-", "ca-central-1"],
  ["southamerica-", "sa-east-1"],
  ["europe-west2", "eu-west-2"],
  ["europe-north", "eu-north-1"],
  ["europe-", "eu-central-1"],
  ["asia-southeast", "ap-southeast-1"],
  ["asia-south", "ap-south-1"],
  ["asia-", "ap-northeast-1"],
  ["australia-", "ap-southeast-2"],
];

/** The AWS region nearest to where the platform says that the program runs; undefined when it says nothing. */
export function nearestRegion(env: (name: string) => string | undefined): string | undefined {
  const place = env("DENO_REGION") ?? env("VERCEL_REGION") ?? env("FLY_REGION");
  if (!place) return undefined;
  const name = place.toLowerCase().replace(/^gcp-/, "");
  return airports[name.replace(/\d$/, "")] ??
    prefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
}
