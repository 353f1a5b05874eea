/**
 * AWS credentials for a workload: an identity token in, the credentials of a role out.
 *
 * @example
 * ```ts
 * import { awsCredentials } from "@signet/oidc/client/aws";
 *
 * const credentials = awsCredentials({ roleArn: "arn:aws:iam::123456789012:role/web" });
 * // new S3Client({ region: "eu-central-1", credentials })
 * ```
 *
 * @module
 */
export { awsCredentials } from "./aws/aws_credentials.ts";
export { AwsCredentialError } from "./aws/aws_error.ts";
export type {
  AwsChainedRole,
  AwsCredentialIdentity,
  AwsCredentials,
  AwsCredentialsOptions,
  AwsSessionPolicy,
} from "./aws/options.ts";
export {
  CredentialError,
  type CredentialErrorCode,
  type CredentialErrorDetails,
} from "./credentials/credential_error.ts";
export type { CredentialOptions, GetIdToken, IdTokenWishes } from "./credentials/options.ts";
