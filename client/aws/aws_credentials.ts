import { checkUrl } from "../credentials/check_url.ts";
import { type Context, contextOf } from "../credentials/context.ts";
import { CredentialError } from "../credentials/credential_error.ts";
import { type Mint, mintFor, withToken } from "../credentials/mint.ts";
import { peekClaims } from "../credentials/peek_claims.ts";
import { firstEnv } from "../credentials/first_env.ts";
import { refreshing } from "../credentials/refreshing.ts";
import { retry } from "../credentials/retry.ts";
import { assumeChain } from "./assume_chain.ts";
import { awsFailure } from "./aws_error.ts";
import { callSts, type StsSession } from "./call_sts.ts";
import { checkBinding } from "./check_binding.ts";
import type { AwsCredentialIdentity, AwsCredentials, AwsCredentialsOptions } from "./options.ts";
import { type EndpointKind, stsUrl } from "./partitions.ts";
import { regionsToTry } from "./regions_to_try.ts";
import { parseRoleArn, type RoleArn } from "./role_arn.ts";
import {
  checkSession,
  checkSessionName,
  nameFromSubject,
  sessionParameters,
} from "./session_parameters.ts";

const defaultAudience = "sts.amazonaws.com";

/** Everything fixed once the role is known. */
interface Plan {
  readonly role: RoleArn;
  readonly mint: Mint;
  readonly kind: EndpointKind;
  readonly endpoint: string | undefined;
  /** Regions in the order to try, once chosen; the one that worked comes first. */
  regions?: Promise<string[]>;
}

type CallerRegion = () => Promise<string | undefined>;

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
 * ```ts ignore
 * import { S3Client } from "npm:@aws-sdk/client-s3";
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
  checkOptions(options);
  let plan: Plan | undefined;
  let callerRegion: CallerRegion | undefined;
  const cache = refreshing(async () => {
    plan ??= planOf(options, context);
    const session = await assume(plan, { options, context, callerRegion });
    return { value: session, expiresAt: session.expiresAt };
  }, context.now);
  const provider = async (properties?: Record<string, unknown>) => {
    callerRegion ??= callerRegionOf(properties);
    return identityOf(await cache.get());
  };
  const prefetch = async () => void await cache.get();
  return Object.assign(provider, { prefetch });
}

function checkOptions(options: AwsCredentialsOptions): void {
  const role = options.roleArn === undefined ? undefined : parseRoleArn(options.roleArn);
  checkSession({ ...options, roleArn: role?.arn ?? "" }, 43_200);
  for (const link of options.chain ?? []) {
    const { partition } = parseRoleArn(link.roleArn);
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

function planOf(options: AwsCredentialsOptions, context: Context): Plan {
  const { env } = context;
  const arn = options.roleArn ?? firstEnv(env, ["SIGNET_AWS_ROLE_ARN", "AWS_ROLE_ARN"]);
  if (!arn) {
    throw awsFailure("assume a role")({
      code: "not_configured",
      advice: "Pass roleArn, or set SIGNET_AWS_ROLE_ARN.",
      vendorMessage: "no role is named",
    });
  }
  const endpoint = options.endpoint ?? firstEnv(env, ["AWS_ENDPOINT_URL_STS"]);
  return {
    role: parseRoleArn(arn),
    mint: mintOf(arn, options, context),
    kind: {
      useFips: options.useFips ?? env("AWS_USE_FIPS_ENDPOINT") === "true",
      useDualstack: options.useDualstack ?? env("AWS_USE_DUALSTACK_ENDPOINT") === "true",
    },
    endpoint: endpoint && checkUrl("AWS_ENDPOINT_URL_STS", endpoint),
  };
}

function mintOf(roleArn: string, options: AwsCredentialsOptions, context: Context): Mint {
  const { bindRole, sessionTags, sourceIdentity, audience = defaultAudience } = options;
  const roles = [roleArn];
  const auto = bindRole === undefined && audience === defaultAudience;
  return mintFor(audience, context, {
    ...(auto && { wishes: { roles } }),
    demands: {
      ...(bindRole && { roles }),
      ...(sessionTags?.length && { sessionTags }),
      ...(sourceIdentity && { sourceIdentity }),
    },
  });
}

interface Setting {
  readonly options: AwsCredentialsOptions;
  readonly context: Context;
  readonly callerRegion: CallerRegion | undefined;
}

function assume(plan: Plan, setting: Setting): Promise<StsSession> {
  const { role, kind } = plan;
  const { context, callerRegion } = setting;
  const region = plan.endpoint
    ? setting.options.region ?? role.partition.common[0]
    : setting.options.region;
  // Chosen while the token is being minted: a measurement costs no time of its own.
  plan.regions ??= regionsToTry({ partition: role.partition, kind, region, callerRegion }, context);
  return withToken(
    plan.mint,
    (token) => inFirstRegion(plan, (at) => assumeAt(at, token, plan, setting)),
  );
}

async function inFirstRegion<T>(plan: Plan, use: (region: string) => Promise<T>): Promise<T> {
  const regions = await plan.regions!;
  for (let index = 0;; index++) {
    const region = regions[index]!;
    try {
      const result = await use(region);
      plan.regions = Promise.resolve([region, ...regions.filter((other) => other !== region)]);
      return result;
    } catch (error) {
      const disabled = error instanceof CredentialError && error.code === "region_disabled";
      if (!disabled || plan.endpoint || index + 1 === regions.length) throw error;
    }
  }
}

async function assumeAt(
  region: string,
  token: string,
  plan: Plan,
  { options, context }: Setting,
): Promise<StsSession> {
  const { role } = plan;
  checkBinding(token, role.arn, options);
  const url = plan.endpoint ?? stsUrl(role.partition, region, plan.kind);
  const sessionName = sessionNameOf(token, options, context);
  const parameters = sessionParameters({ ...options, roleArn: role.arn }, sessionName);
  parameters.set("WebIdentityToken", token);
  const purpose = `assume the role ${role.arn}`;
  const call = { url, purpose, action: "AssumeRoleWithWebIdentity" as const, parameters };
  const session = await retry(context, () => callSts(call, context));
  const place = { url, region, sessionName };
  return assumeChain(session, options.chain ?? [], { place, context });
}

function sessionNameOf(token: string, options: AwsCredentialsOptions, context: Context): string {
  const names = ["SIGNET_AWS_ROLE_SESSION_NAME", "AWS_ROLE_SESSION_NAME"];
  const named = options.roleSessionName ?? firstEnv(context.env, names);
  return named === undefined ? nameFromSubject(peekClaims(token)?.sub) : checkSessionName(named);
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
