import type { AwsTrust } from "./aws_trust_policy.ts";
import type { AwsSetupOptions } from "./aws_types.ts";
import { raw, sh } from "./quote.ts";
import { script } from "./script.ts";

/** What the script is made of. */
export interface AwsScriptInput {
  readonly summary: readonly string[];
  readonly trust: AwsTrust;
  readonly provider: Readonly<Record<string, unknown>>;
  readonly policy: unknown;
  readonly role: string;
  readonly seconds: number;
  readonly options: AwsSetupOptions;
}

/** JSON goes through `--cli-input-json`: version 1 of the AWS CLI would fetch a client ID that is a URL. */
export function awsScript(input: AwsScriptInput): string {
  const { options, trust } = input;
  const addClient = {
    OpenIDConnectProviderArn: trust.providerArn,
    ClientID: trust.audience,
  };
  return script({
    title: "Let one Signet workload assume an AWS role.",
    plan: input.summary,
    variables: {
      account: options.accountId,
      provider_arn: trust.providerArn,
      provider: JSON.stringify(input.provider),
      client: JSON.stringify(addClient),
      role: input.role,
      trust_policy: JSON.stringify(input.policy),
      max_session: String(input.seconds),
    },
    body: awsCommands(options),
  });
}

function awsCommands(options: AwsSetupOptions): string {
  const policies = options.policyArns ?? [];
  const thumbprint = options.thumbprint === undefined ? "" : sh`
  aws iam update-open-id-connect-provider-thumbprint \\
    --open-id-connect-provider-arn "$provider_arn" --thumbprint-list ${options.thumbprint.toLowerCase()}`;
  const attach = policies.length === 0 ? "" : sh`
# 3. What the role may do
for policy in ${policies}; do
  aws iam attach-role-policy --role-name "$role" --policy-arn "$policy"
done
`;
  return sh`actual=$(aws sts get-caller-identity --query Account --output text)
[ "$actual" = "$account" ] || stop "Cannot go on: logged in to account $actual, the plan is for $account."

# 1. The issuer
if exists NoSuchEntity aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider_arn"; then
  aws iam add-client-id-to-open-id-connect-provider --cli-input-json "$client"${raw(thumbprint)}
else
  aws iam create-open-id-connect-provider --cli-input-json "$provider"
fi

# 2. The role; a trust policy that was there is printed before it is replaced
if exists NoSuchEntity aws iam get-role --role-name "$role" --query Role.AssumeRolePolicyDocument --output json; then
  printf 'Trust policy of %s until now:\\n%s\\n' "$role" "$found"
  aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust_policy"
  aws iam update-role --role-name "$role" --max-session-duration "$max_session"
else
  aws iam create-role --role-name "$role" --max-session-duration "$max_session" \\
    --assume-role-policy-document "$trust_policy"
fi
${raw(attach)}
printf 'Done: %s admits %s\\n' "$role" "$provider_arn"`;
}
