import { checkUrl } from "../credentials/check_url.ts";
import type { Context } from "../credentials/context.ts";
import { CredentialError } from "../credentials/credential_error.ts";
import { firstEnv } from "../credentials/context.ts";
import { type Mint, mintFor, withToken } from "../credentials/mint.ts";
import { peekClaims } from "../credentials/json.ts";
import { type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { retry } from "../credentials/retry.ts";
import { assumeChain } from "./assume_chain.ts";
import { awsFailure } from "./aws_error.ts";
import { callSts, type StsSession } from "./call_sts.ts";
import { checkBinding } from "./check_binding.ts";
import type { AwsCredentialsOptions } from "./options.ts";
import { type EndpointKind, stsUrl } from "./partitions.ts";
import { regionsToTry } from "./regions_to_try.ts";
import { isAwsAccount, parseRoleArn, type RoleArn } from "./role_arn.ts";
import { checkSessionName, nameFromSubject, sessionParameters } from "./session_parameters.ts";
import { stsEndpoint } from "./sts_endpoint.ts";

const defaultAudience = "sts.amazonaws.com";

/** Asks the SDK client that uses the credentials for its region. */
export type CallerRegion = () => Promise<string | undefined>;

/** What a session is taken by. */
export interface Setting {
  readonly options: AwsCredentialsOptions;
  readonly context: Context;
  readonly callerRegion: () => CallerRegion | undefined;
}

/** Everything fixed once the role is known. */
interface Plan {
  readonly role: RoleArn;
  readonly mint: Mint;
  readonly kind: EndpointKind;
  readonly endpoint: string | undefined;
  /** Regions in the order to try, once chosen; the one that worked comes first. */
  regions?: Promise<string[]>;
}

/** The held session of a role whose options are sound. */
export function roleSession(setting: Setting): Refreshing<StsSession> {
  let plan: Plan | undefined;
  return refreshing(async () => {
    plan ??= planOf(setting.options, setting.context);
    const session = await assume(plan, setting);
    return { value: session, expiresAt: session.expiresAt };
  }, setting.context);
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
  const endpoint = stsEndpoint(options, context);
  const role = parseRoleArn(arn, endpoint);
  return {
    role,
    mint: mintOf(role, options, context),
    kind: {
      useFips: options.useFips ?? env("AWS_USE_FIPS_ENDPOINT") === "true",
      useDualstack: options.useDualstack ?? env("AWS_USE_DUALSTACK_ENDPOINT") === "true",
    },
    endpoint: endpoint && checkUrl("AWS_ENDPOINT_URL_STS", endpoint),
  };
}

function mintOf(
  { arn, accountId }: RoleArn,
  options: AwsCredentialsOptions,
  context: Context,
): Mint {
  const { bindRole, sessionTags, sourceIdentity, audience = defaultAudience } = options;
  const roles = [arn];
  // The claim is AWS's: another STS does not know it.
  const auto = bindRole === undefined && audience === defaultAudience && isAwsAccount(accountId);
  return mintFor(audience, context, {
    ...(auto && { wishes: { roles } }),
    demands: {
      ...(bindRole && { roles }),
      ...(sessionTags?.length && { sessionTags }),
      ...(sourceIdentity && { sourceIdentity }),
    },
  });
}

function assume(plan: Plan, setting: Setting): Promise<StsSession> {
  const { role, kind } = plan;
  const { context } = setting;
  const callerRegion = setting.callerRegion();
  const { region } = setting.options, fixedEndpoint = plan.endpoint !== undefined;
  const question = { partition: role.partition, kind, region, fixedEndpoint, callerRegion };
  // Chosen while the token is being minted: a measurement costs no time of its own.
  plan.regions ??= regionsToTry(question, context);
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
