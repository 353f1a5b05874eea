import { awsActions, awsConditions, type AwsTrust } from "./aws_trust_policy.ts";
import { hcl, raw } from "./quote.ts";

/** What the HCL needs besides the trust policy. */
export interface AwsTerraformInput {
  readonly issuer: string;
  readonly role: string;
  readonly seconds: number;
  readonly policyArns: readonly string[];
  readonly thumbprint: string | undefined;
  /** Look the provider up instead of creating it. */
  readonly reuse: boolean;
}

/** The AWS plan in Terraform. */
export function awsTerraform(trust: AwsTrust, input: AwsTerraformInput): string {
  const arn = `${input.reuse ? "data." : ""}aws_iam_openid_connect_provider.signet.arn`;
  return [
    provider(trust, input),
    hcl`data "aws_iam_policy_document" "trust" {
  statement {
    actions = ${awsActions(trust)}
    principals {
      type        = "Federated"
      identifiers = [${raw(arn)}]
    }
${raw(awsConditions(trust).map(conditionBlock).join("\n"))}
  }
}
`,
    hcl`resource "aws_iam_role" "workload" {
  name                 = ${input.role}
  max_session_duration = ${input.seconds}
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
`,
    ...input.policyArns.map((policy, index) =>
      hcl`resource "aws_iam_role_policy_attachment" "workload_${index}" {
  role       = aws_iam_role.workload.name
  policy_arn = ${policy}
}
`
    ),
    hcl`output "role_arn" {
  value = aws_iam_role.workload.arn
}
`,
  ].join("\n");
}

function provider(trust: AwsTrust, input: AwsTerraformInput): string {
  if (input.reuse) {
    return hcl`data "aws_iam_openid_connect_provider" "signet" {
  url = ${input.issuer}
}
`;
  }
  const pin = input.thumbprint ? hcl`\n  thumbprint_list = ${[input.thumbprint]}` : "";
  return hcl`resource "aws_iam_openid_connect_provider" "signet" {
  url            = ${input.issuer}
  client_id_list = ${[trust.audience]}${raw(pin)}
}
`;
}

function conditionBlock(condition: ReturnType<typeof awsConditions>[number]): string {
  return hcl`    condition {
      test     = ${condition.test}
      variable = ${condition.variable}
      values   = ${condition.values}
    }`;
}
