/** What a trust policy has to say. */
export interface AwsTrust {
  readonly providerArn: string;
  /** Issuer without its scheme: the prefix of the condition keys. */
  readonly host: string;
  readonly subject: string;
  readonly audience: string;
  readonly perDeployment: boolean;
  readonly sessionTags: boolean;
  readonly sourceIdentity: boolean;
  readonly requireRoleClaim: boolean;
}

/** One condition of the statement. */
export interface AwsCondition {
  readonly test: "StringEquals" | "StringLike" | "Bool";
  readonly variable: string;
  readonly values: readonly string[];
}

/** The actions that the role's trust needs. */
export function awsActions(trust: AwsTrust): string[] {
  return [
    "sts:AssumeRoleWithWebIdentity",
    ...(trust.sessionTags ? ["sts:TagSession"] : []),
    ...(trust.sourceIdentity ? ["sts:SetSourceIdentity"] : []),
  ];
}

/** The conditions: audience and subject always. */
export function awsConditions(trust: AwsTrust): AwsCondition[] {
  const { host, subject } = trust;
  return [
    { test: "StringEquals", variable: `${host}:aud`, values: [trust.audience] },
    trust.perDeployment
      ? { test: "StringLike", variable: `${host}:sub`, values: [subject, `${subject}/*`] }
      : { test: "StringEquals", variable: `${host}:sub`, values: [subject] },
    ...(trust.requireRoleClaim
      ? [{ test: "Bool", variable: "sts:RoleAuthorizedByIdp", values: ["true"] } as const]
      : []),
  ];
}

/** The trust policy as IAM stores it. */
export function awsTrustPolicy(trust: AwsTrust): Record<string, unknown> {
  const condition: Record<string, Record<string, string | readonly string[]>> = {};
  for (const { test, variable, values } of awsConditions(trust)) {
    (condition[test] ??= {})[variable] = values.length === 1 ? values[0] ?? "" : values;
  }
  return {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Federated: trust.providerArn },
      Action: awsActions(trust),
      Condition: condition,
    }],
  };
}
