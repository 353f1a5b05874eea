import { checkUrl } from "../credentials/check_url.ts";
import { contextOf } from "../credentials/context.ts";
import { deferred } from "../credentials/deferred.ts";
import type { StsSession } from "./call_sts.ts";
import type { AwsCredentialIdentity, AwsCredentials, AwsCredentialsOptions } from "./options.ts";
import { parseRoleArn } from "./role_arn.ts";
import { stsEndpoint } from "./sts_endpoint.ts";
import type { CallerRegion } from "./role_session.ts";
import { checkSession } from "./session_parameters.ts";

/**
 * Credentials of an AWS role for any client of the AWS SDK for JavaScript v3, by `AssumeRoleWithWebIdentity` and
 * without any secret. They are fetched when first asked for, refreshed min(300 s, 20 %) before they expire while
 * the old ones go on being served, and fetched once however many callers ask.
 *
 * Source: AWS STS API reference, `AssumeRoleWithWebIdentity` and `AssumeRole`.
 *
 * @throws {TypeError} An option is out of AWS's limits.
 * @throws {AwsCredentialError} From the provider: STS, or the way there, refused.
 *
 * @example
 * ```ts
 * import { S3Client } from "npm:@aws-sdk/client-s3@3";
 * import { awsCredentials } from "@signet/oidc/client/aws";
 *
 * const s3 = new S3Client({
 *   region: "eu-central-1",
 *   credentials: awsCredentials({ roleArn: "arn:aws:iam::123456789012:role/web" }),
 * });
 * ```
 */
export function awsCredentials(options: AwsCredentialsOptions = {}): AwsCredentials {
  const context = contextOf(options);
  checkOptions(options, stsEndpoint(options, context));
  let callerRegion: CallerRegion | undefined;
  const source = deferred(async () => {
    const { roleSession } = await import("./role_session.ts");
    return roleSession({ options, context, callerRegion: () => callerRegion });
  });
  const provider = async (properties?: Record<string, unknown>) => {
    callerRegion ??= callerRegionOf(properties);
    return identityOf(await source.get());
  };
  return Object.assign(provider, { prefetch: async () => void await source.get() });
}

function checkOptions(options: AwsCredentialsOptions, endpoint: string | undefined): void {
  const { roleArn } = options;
  const role = roleArn === undefined ? undefined : parseRoleArn(roleArn, endpoint);
  checkSession({ ...options, roleArn: role?.arn ?? "" }, 43_200);
  for (const link of options.chain ?? []) {
    const { partition } = parseRoleArn(link.roleArn, endpoint);
    if (role && partition !== role.partition) {
      throw new TypeError("Cannot use chain: a role cannot be assumed from another partition");
    }
    checkSession(link, 3_600);
  }
  if (options.endpoint !== undefined) checkUrl("endpoint", options.endpoint);
  if (role && options.region && !role.partition.regions.test(options.region)) {
    throw new TypeError(
      `Cannot use region: ${options.region} is not in the role's partition ${role.partition.id}`,
    );
  }
}

// The SDK hands out what it was given and marks it, so each caller gets a copy.
function identityOf(session: StsSession): AwsCredentialIdentity {
  const { accessKeyId, secretAccessKey, sessionToken, accountId, expiresAt } = session;
  const expiration = new Date(expiresAt);
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
    ...(accountId && { accountId }),
  };
}

function callerRegionOf(properties: Record<string, unknown> | undefined): CallerRegion | undefined {
  const config = properties?.callerClientConfig as { region?: unknown } | undefined;
  const region = config?.region;
  return typeof region === "function" ? async () => await region() : undefined;
}
