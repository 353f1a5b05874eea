import type { CredentialOptions } from "../credentials/options.ts";

/** Credentials in the shape that AWS SDKs take (`AwsCredentialIdentity` of `@smithy/types`). */
export interface AwsCredentialIdentity {
  /** Access key id; those of a session start with `ASIA`. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Session token. */
  readonly sessionToken?: string;
  /** When the session ends, by this machine's clock. */
  readonly expiration?: Date;
  /** The account of the role. */
  readonly accountId?: string;
}

/** A function that AWS SDK clients take as `credentials`; `prefetch` has them ready before the first request. */
export interface AwsCredentials {
  /** The credentials, from memory while fresh. The SDK passes its own configuration, of which the region is used. */
  // deno-lint-ignore no-explicit-any -- the SDK's own type, repeated for assignability
  (identityProperties?: Record<string, any>): Promise<AwsCredentialIdentity>;
  /** Fetches the credentials now, so that the first request finds them. */
  prefetch(): Promise<void>;
}

/** What a session may do at most, whatever its role allows. */
export interface AwsSessionPolicy {
  /** A session policy, as JSON text or an object, at most 2,048 characters. Default: none. */
  policy?: string | Record<string, unknown>;
  /** ARNs of up to 10 managed policies to use as session policies. Default: none. */
  policyArns?: readonly string[];
}

/** One more role, taken with the credentials of the one before it. */
export interface AwsChainedRole extends AwsSessionPolicy {
  /** ARN of the role. */
  roleArn: string;
  /** Name of the session, 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -`. Default: that of the first role. */
  roleSessionName?: string;
  /** Length of the session in seconds, 900 to 3,600 (AWS's limit for chained roles). Default 3,600. */
  durationSeconds?: number;
  /** The external id that the role's trust policy demands. Default: none. */
  externalId?: string;
  /** Session tags. Default: none. */
  tags?: Record<string, string>;
  /** Keys of the tags that later roles of the chain inherit. Default: none. */
  transitiveTagKeys?: readonly string[];
  /** Source identity of the session. Default: that of the session before. */
  sourceIdentity?: string;
}

/** Options of {@linkcode awsCredentials}. */
export interface AwsCredentialsOptions extends CredentialOptions, AwsSessionPolicy {
  /** ARN of the role. Default: `SIGNET_AWS_ROLE_ARN`, else `AWS_ROLE_ARN`. */
  roleArn?: string;
  /**
   * Region whose STS is asked; the credentials work in all regions. Default: `SIGNET_AWS_REGION`, `AWS_REGION`,
   * `AWS_DEFAULT_REGION`, the region of the SDK client that asks, the platform's region where it names one, else
   * the region that answers first of a few that are on in every account (measured once). With an `endpoint`
   * it only says whom a chain's requests are signed for, and the last two give way to the partition's first.
   */
  region?: string;
  /**
   * Name of the session, 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -`. Default: `SIGNET_AWS_ROLE_SESSION_NAME`,
   * `AWS_ROLE_SESSION_NAME`, else made from the token's subject.
   */
  roleSessionName?: string;
  /** Length of the session in seconds, 900 to 43,200, at most the role's own maximum. Default 3,600 (AWS's). */
  durationSeconds?: number;
  /** Audience of the identity token. Default `sts.amazonaws.com`. */
  audience?: string;
  /**
   * Whether the identity token is bound to this one role by the `https://aws.amazon.com/roles` claim, so that it
   * opens no other. Default: bound where the token source can and the audience is `sts.amazonaws.com`; `true`
   * refuses a token that is not bound.
   */
  bindRole?: boolean;
  /** Names of verified claims to pass on as session tags; the trust policy must allow `sts:TagSession`. Default: none. */
  sessionTags?: readonly string[];
  /** Name of the verified claim to pass on as source identity; needs `sts:SetSourceIdentity`. Default: none. */
  sourceIdentity?: string;
  /** Roles to take one after the other, starting from `roleArn`. Default: none. */
  chain?: readonly AwsChainedRole[];
  /** URL of STS, for example a VPC endpoint. Default: `AWS_ENDPOINT_URL_STS`, else by region. */
  endpoint?: string;
  /** Whether to use FIPS endpoints. Default: `AWS_USE_FIPS_ENDPOINT`, else false. */
  useFips?: boolean;
  /** Whether to use dual-stack (IPv6) endpoints. Default: `AWS_USE_DUALSTACK_ENDPOINT`, else false. */
  useDualstack?: boolean;
}
