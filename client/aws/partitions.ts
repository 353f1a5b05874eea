/** One of AWS's separate worlds: its own accounts, regions and host names. */
export interface Partition {
  readonly id: string;
  readonly suffix: string;
  readonly dualstackSuffix: string;
  readonly regions: RegExp;
  /** Regions on in every account, of which the nearest is taken; the first is the fallback. */
  readonly common: readonly string[];
}

// From the endpoint rules of AWS SDK for JavaScript 3.1169.0.
const partitions: readonly Partition[] = [
  {
    id: "aws",
    suffix: "amazonaws.com",
    dualstackSuffix: "api.aws",
    regions: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    common: ["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-1", "ap-northeast-1"],
  },
  {
    id: "aws-cn",
    suffix: "amazonaws.com.cn",
    dualstackSuffix: "api.amazonwebservices.com.cn",
    regions: /^cn-\w+-\d+$/,
    common: ["cn-north-1", "cn-northwest-1"],
  },
  {
    id: "aws-us-gov",
    suffix: "amazonaws.com",
    dualstackSuffix: "api.aws",
    regions: /^us-gov-\w+-\d+$/,
    common: ["us-gov-west-1", "us-gov-east-1"],
  },
  {
    id: "aws-eusc",
    suffix: "amazonaws.eu",
    dualstackSuffix: "api.amazonwebservices.eu",
    regions: /^eusc-de-\w+-\d+$/,
    common: ["eusc-de-east-1"],
  },
  {
    id: "aws-iso",
    suffix: "c2s.ic.gov",
    dualstackSuffix: "api.aws.ic.gov",
    regions: /^us-iso-\w+-\d+$/,
    common: ["us-iso-east-1"],
  },
  {
    id: "aws-iso-b",
    suffix: "sc2s.sgov.gov",
    dualstackSuffix: "api.aws.scloud",
    regions: /^us-isob-\w+-\d+$/,
    common: ["us-isob-east-1"],
  },
  {
    id: "aws-iso-e",
    suffix: "cloud.adc-e.uk",
    dualstackSuffix: "api.cloud-aws.adc-e.uk",
    regions: /^eu-isoe-\w+-\d+$/,
    common: ["eu-isoe-west-1"],
  },
  {
    id: "aws-iso-f",
    suffix: "csp.hci.ic.gov",
    dualstackSuffix: "api.aws.hci.ic.gov",
    regions: /^us-isof-\w+-\d+$/,
    common: ["us-isof-south-1"],
  },
];

/** The partition of this id, the second field of an ARN. */
export function partitionById(id: string): Partition | undefined {
  return partitions.find((partition) => partition.id === id);
}

/** How the host name of STS is built. */
export interface EndpointKind {
  readonly useFips?: boolean;
  readonly useDualstack?: boolean;
}

/** The URL of STS in a region, as the AWS SDK's endpoint rules build it. */
export function stsUrl(partition: Partition, region: string, kind: EndpointKind = {}): string {
  // GovCloud's ordinary endpoint is the FIPS one.
  const plainFips = partition.id === "aws-us-gov" && !kind.useDualstack;
  const service = kind.useFips && !plainFips ? "sts-fips" : "sts";
  const suffix = kind.useDualstack ? partition.dualstackSuffix : partition.suffix;
  return `https://${service}.${region}.${suffix}`;
}
