import { type Command, Option } from "commander";
import { type AwsSetupOptions, setupAws } from "../../setup/aws.ts";
import { type AwsThumbprint, awsThumbprint } from "../../setup/aws_thumbprint.ts";
import { collect, createCommand } from "../command.ts";
import { type CliContext, withProgress } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { CliError } from "../errors.ts";
import { makePlan } from "../setup/make_plan.ts";
import { type DeploymentOptions, withDeployments, withSetupOptions } from "../setup/options.ts";
import { printPlan } from "../setup/print_plan.ts";
import { resolveWorkload } from "../setup/resolve_workload.ts";

interface Options extends DeploymentOptions {
  readonly account?: string;
  readonly partition?: AwsSetupOptions["partition"];
  readonly role?: string;
  readonly policyArn?: readonly string[];
  readonly maxSession?: number;
  readonly sessionTags?: boolean;
  readonly sourceIdentity?: boolean;
  readonly requireRoleClaim?: boolean;
  readonly privateCa?: boolean;
  readonly thumbprint?: string;
}

const FLAGS = {
  accountId: "account",
  roleName: "role",
  policyArns: "policy-arn",
  maxSessionSeconds: "max-session",
};

/** `signet setup aws` */
export function setupAwsCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "aws",
    summary: "An IAM OIDC provider and a role for one workload",
    more: "A certificate of a public CA needs no thumbprint: AWS checks it itself. With " +
      "--private-ca the thumbprint is computed from the certificates that the issuer sends now.",
    examples: [
      ["signet setup aws --workload web --account 123456789012", "plan, commands, code"],
      [
        "signet setup aws --workload web --account 123456789012 \\\n" +
        "    --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess > trust.sh",
        "the commands alone, to read and run",
      ],
      ["signet setup aws --workload web --account 123456789012 --out trust", "all files"],
    ],
  })
    .option("--account <id>", "account that owns the role, 12 digits")
    .addOption(
      new Option("--partition <name>", "partition of the account (default: aws)")
        .choices(["aws", "aws-cn", "aws-us-gov", "aws-eusc"]),
    )
    .option("--role <name>", "role to make (default: signet-{app}-{context})")
    .option("--policy-arn <arn>", "policy to attach to the role (repeat for more)", collect)
    .option("--max-session <duration>", "longest session, 1h to 12h (default: 1h)", parseDuration)
    .option("--session-tags", "let tokens carry session tags")
    .option("--source-identity", "let tokens carry a source identity")
    .option("--require-role-claim", "admit only tokens that name this very role")
    .option("--private-ca", "no public CA signed the issuer's certificate: pin its thumbprint")
    .option("--thumbprint <hex>", "the thumbprint, where you know it");
  return withSetupOptions(withDeployments(command))
    .action((options: Options) => planAws(context, options));
}

async function planAws(context: CliContext, options: Options): Promise<void> {
  const { input, registered } = await resolveWorkload(context, options);
  const pin = options.privateCa ? await readThumbprint(context, input.issuer) : undefined;
  const plan = makePlan(() =>
    setupAws(input, {
      accountId: options.account!,
      partition: options.partition,
      roleName: options.role,
      policyArns: options.policyArn,
      maxSessionSeconds: options.maxSession,
      sessionTags: options.sessionTags,
      sourceIdentity: options.sourceIdentity,
      requireRoleClaim: options.requireRoleClaim,
      thumbprint: options.thumbprint ?? pin?.thumbprint,
    }), FLAGS);
  await printPlan(context, plan, { options, registered, remarks: pin ? [pin.explanation] : [] });
}

/** The thumbprint is of the host that serves the keys; it must not depend on trusting that host. */
async function readThumbprint(context: CliContext, issuer: string): Promise<AwsThumbprint> {
  const { readTlsChain } = context.host;
  try {
    return await withProgress(context, {
      text: "Reading the issuer's certificates",
      work: () => awsThumbprint(`${issuer}/.well-known/jwks.json`, { readTlsChain }),
    });
  } catch (cause) {
    throw new CliError("unreachable", `Cannot read the certificates of ${issuer}`, {
      next: "Check that the issuer is up and https, or give --thumbprint yourself.",
      cause,
    });
  }
}
