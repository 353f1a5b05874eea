import type { Algorithm } from "../keys/algorithm.ts";
import type { JsonValue } from "./workloads/workload.ts";

/** How tokens for certain audiences look; data only, so that a new cloud is a new entry. */
export interface AudienceProfile {
  /** For people and error messages. */
  readonly name: string;
  /** Audiences it holds for: literals, or globs whose `*` stays inside one segment. */
  readonly audiences: readonly string[];
  /** Signing algorithm. Default RS256, the only one that every cloud takes. */
  readonly alg?: Algorithm;
  /** Lifetime when the request names none, in seconds, 1 to 3600. Default 300. */
  readonly ttlSeconds?: number;
  /** Template of `sub`, see subject.ts. Default `deployment:{org}/{app}/{context}[/{deployment}]`. */
  readonly subject?: string;
  /** Longest `sub` that the audience takes, in bytes. Default 255 (OpenID Connect Core §2). */
  readonly maxSubjectBytes?: number;
  /** Claims of every token for it; the workload's own come after them. */
  readonly claims?: Readonly<Record<string, JsonValue>>;
  /**
   * For how long, in seconds, 1 to 60, and never past 5 % of its life, a token is given again to
   * requests whose claims would be the same, see reuse_tokens.ts. Default: never, since a relying
   * party may demand a fresh `jti`.
   */
  readonly reuseSeconds?: number;
  /** Request parameters that become claims, see aws_claims.ts. */
  readonly parameters?: readonly AwsParameter[];
}

/** Parameters of a token request that the AWS profile turns into claims. */
export type AwsParameter = "roles" | "session_tags" | "source_identity";

/** `sub` without the deployment: for audiences that compare it whole. */
const exactSubject = "deployment:{org}/{app}/{context}";

/** A burst of isolates costs one signature: none of these clouds looks whether a `jti` is new. */
const reuseSeconds = 10;

/** Built-in profiles; docs/clouds has a page for each. */
export const builtInProfiles: readonly AudienceProfile[] = [
  {
    name: "aws",
    audiences: ["sts.amazonaws.com"],
    reuseSeconds,
    parameters: ["roles", "session_tags", "source_identity"],
  },
  {
    name: "gcp",
    audiences: [
      "https://iam.googleapis.com/projects/*/locations/global/workloadIdentityPools/*/providers/*",
      "//iam.googleapis.com/projects/*/locations/global/workloadIdentityPools/*/providers/*",
    ],
    ttlSeconds: 3600,
    reuseSeconds,
    subject: exactSubject,
    maxSubjectBytes: 127,
  },
  {
    name: "azure",
    audiences: ["api://AzureADTokenExchange", "api://AzureADTokenExchange*"],
    alg: "RS256",
    reuseSeconds,
    subject: exactSubject,
  },
  { name: "vault", audiences: ["vault", "openbao"], reuseSeconds, subject: exactSubject },
  {
    name: "kubernetes",
    audiences: ["kubernetes", "https://kubernetes.default.svc", "https://kubernetes.default.svc.*"],
    reuseSeconds,
    subject: exactSubject,
  },
];

/** What holds where no profile matches. */
export const defaultProfile: AudienceProfile = { name: "default", audiences: [] };
