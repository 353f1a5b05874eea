/** Options of the AWS plan. */
export interface AwsSetupOptions {
  /** Account that owns the role: 12 digits. */
  readonly accountId: string;
  /** Partition of the account. Default `aws`. */
  readonly partition?: "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc";
  /** Role to create or update, 1 to 64 of `[A-Za-z0-9+=,.@_-]`. Default `signet-{app}-{context}`. */
  readonly roleName?: string;
  /** Policies to attach to the role. Default none: attach them yourself. */
  readonly policyArns?: readonly string[];
  /** Longest session in seconds, 3,600 to 43,200. Default 3,600. */
  readonly maxSessionSeconds?: number;
  /** Allow session tags (`sts:TagSession`). Default false. */
  readonly sessionTags?: boolean;
  /** Allow a source identity (`sts:SetSourceIdentity`). Default false. */
  readonly sourceIdentity?: boolean;
  /** Demand that the token names this very role, which Signet's AWS helper asks for. Default false. */
  readonly requireRoleClaim?: boolean;
  /** SHA-1 of the top certificate, 40 hex digits: only for an issuer without a public CA. */
  readonly thumbprint?: string;
}
