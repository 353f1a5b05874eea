import { type AwsTrust, awsTrustPolicy } from "./aws_trust_policy.ts";
import { awsScript } from "./aws_commands.ts";
import { awsTerraform } from "./aws_terraform.ts";
import { awsLine } from "./code_line.ts";
import { Faults } from "./faults.ts";
import { json } from "./script.ts";
import { resolveInput } from "./subject.ts";
import type { AwsSetupOptions } from "./aws_types.ts";
import type { SetupInput, SetupPlan } from "./types.ts";

export type { AwsSetupOptions } from "./aws_types.ts";

const AUDIENCE = "sts.amazonaws.com";
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[A-Za-z0-9+=,.@_/-]{1,512}$/;

/** Plan the trust of an AWS account in one workload: OIDC provider, role, trust policy. */
export function setupAws(input: SetupInput, options: AwsSetupOptions): SetupPlan {
  const faults = new Faults();
  const base = resolveInput(input, { vendor: "aws", audience: AUDIENCE, faults });
  const partition = options.partition ?? "aws";
  const role = options.roleName ?? `signet-${input.workload?.app}-${input.workload?.context}`;
  const seconds = options.maxSessionSeconds ?? 3600;
  checkOptions({ ...options, partition, roleName: role, maxSessionSeconds: seconds }, faults);
  for (const [field, value] of [["subject", base.subject], ["audience", base.audience]] as const) {
    faults.check(!String(value).includes("${"), field, "must not hold ${, which IAM would expand");
  }
  faults.done("aws");
  const host = base.issuer.replace(/^https?:\/\//, "");
  const trust: AwsTrust = {
    providerArn: `arn:${partition}:iam::${options.accountId}:oidc-provider/${host}`,
    host,
    subject: base.subject,
    audience: base.audience,
    perDeployment: base.perDeployment,
    sessionTags: options.sessionTags === true,
    sourceIdentity: options.sourceIdentity === true,
    requireRoleClaim: options.requireRoleClaim === true,
  };
  const policy = awsTrustPolicy(trust);
  const roleArn = `arn:${partition}:iam::${options.accountId}:role/${role}`;
  const provider = {
    Url: base.issuer,
    ClientIDList: [base.audience],
    ...(options.thumbprint ? { ThumbprintList: [options.thumbprint.toLowerCase()] } : {}),
  };
  const summary = [
    `IAM OIDC provider ${trust.providerArn} with client ID ${base.audience}`,
    `IAM role ${roleArn}, sessions of at most ${seconds} s`,
    base.perDeployment
      ? `its trust policy admits the audience ${base.audience} with the subject ${base.subject} and its deployments ${base.subject}/*`
      : `its trust policy admits only the audience ${base.audience} with the subject ${base.subject}`,
    ...(options.policyArns ?? []).map((arn) => `policy ${arn} attached to the role`),
  ];
  return {
    vendor: "aws",
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
    summary,
    cli: awsScript({ summary, trust, provider, policy, role, seconds, options }),
    terraform: awsTerraform(trust, {
      issuer: base.issuer,
      role,
      seconds,
      policyArns: options.policyArns ?? [],
      thumbprint: options.thumbprint?.toLowerCase(),
      reuse: base.reuseIssuerEntry,
    }),
    artifacts: [
      { name: "trust-policy.json", contents: json(policy) },
      { name: "oidc-provider.json", contents: json(provider) },
    ],
    notes: [...base.issuerNotes, ...awsNotes(trust, options)],
    environment: { SIGNET_ISSUER: base.issuer, SIGNET_AWS_ROLE_ARN: roleArn },
    code: awsLine({ audience: base.audience === AUDIENCE ? undefined : base.audience }),
  };
}

function checkOptions(options: AwsSetupOptions, faults: Faults): void {
  const { maxSessionSeconds: seconds = 3600 } = options;
  faults.text(options.accountId, "options.accountId", {
    pattern: /^\d{12}$/,
    expected: "12 digits",
  });
  faults.text(options.partition, "options.partition", {
    pattern: /^(?:aws|aws-cn|aws-us-gov|aws-eusc)$/,
    expected: "aws, aws-cn, aws-us-gov or aws-eusc",
  });
  faults.text(options.roleName, "options.roleName", {
    pattern: /^[A-Za-z0-9+=,.@_-]+$/,
    expected: "letters, digits and +=,.@_-",
    max: 64,
  });
  faults.list(options.policyArns, "options.policyArns", {
    pattern: POLICY_ARN,
    expected: "the ARN of an IAM policy",
    max: 600,
  });
  faults.check(
    Number.isInteger(seconds) && seconds >= 3600 && seconds <= 43200,
    "options.maxSessionSeconds",
    "must be a whole number from 3600 to 43200",
  );
  faults.optional(options.thumbprint, "options.thumbprint", {
    pattern: /^[0-9A-Fa-f]{40}$/,
    expected: "40 hexadecimal digits without colons",
  });
}

function awsNotes(trust: AwsTrust, options: AwsSetupOptions): string[] {
  return [
    "A new role answers AccessDenied for up to 15 s.",
    trust.perDeployment
      ? "StringLike is used because the deployments of the workload were asked for; * stands for anything after the slash, and names cannot hold a slash, so no other workload matches."
      : "StringEquals admits one exact subject. Tokens of a verified deployment end in /{deployment}: ask for perDeployment if this workload gets its tokens from a platform that proves the deployment.",
    options.thumbprint
      ? "The thumbprint pins the top certificate of the issuer's chain: update it before that certificate changes."
      : "No thumbprint is needed while the issuer's certificate is signed by a public CA; AWS checks that itself.",
    ...(trust.requireRoleClaim
      ? [
        "Only tokens that name this role in https://aws.amazon.com/roles are admitted: Signet's AWS helper asks for it, token files do not have it.",
      ]
      : []),
    ...(options.policyArns?.length
      ? []
      : ["The role has no permissions yet: attach policies to it."]),
    "An account takes 100 OIDC providers, a provider 100 client IDs of at most 255 characters.",
  ];
}
