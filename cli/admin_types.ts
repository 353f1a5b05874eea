/** A claim matcher of a trust rule: a literal, or a glob whose `*` stays inside one segment. */
export type ClaimMatcher = string | number | boolean | { readonly glob: string };

/** A workload as the admin API shows it. */
export interface WorkloadView {
  readonly id: string;
  readonly org: string;
  readonly app: string;
  readonly context: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly maxTtlSeconds: number;
  readonly trust: readonly TrustRuleView[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly managedBy: "api" | "config";
  readonly warnings?: readonly (string | { readonly detail?: string })[];
}

/** A trust rule as the admin API shows it. */
export interface TrustRuleView {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, ClaimMatcher>>;
  readonly singleUse?: boolean;
}

/** A credential as the admin API shows it; `secret` only in the answer that made it. */
export interface CredentialView {
  readonly id: string;
  readonly type: "request_token" | "public_key";
  readonly createdAt?: string;
  readonly expiresAt: string | null;
  readonly deployment?: string;
  readonly audiences?: readonly string[];
  readonly kid?: string;
  readonly secret?: string;
}

/** A signing key as the admin API shows it. */
export interface KeyView {
  readonly kid: string;
  readonly alg: string;
  readonly state: "published" | "active" | "retired" | "removed" | "compromised";
  readonly publishedAt: string | null;
  readonly notBefore: string | null;
  readonly retireAt: string | null;
  readonly removeAt: string | null;
  readonly compromisedAt?: string | null;
  readonly bootstrap?: boolean;
}

/** What one rotation led to. */
export interface RotationView {
  readonly alg: string;
  /** The key that signs next, or now after an emergency. */
  readonly kid: string;
  /** From when on it signs. */
  readonly activeAt: string;
}

/** An entry of the audit log. */
export interface AuditEventView {
  readonly id: string;
  readonly at: string;
  readonly actor: unknown;
  readonly action: string;
  readonly target: unknown;
}

/** What the issuer thinks of a presented token. */
export interface ExplainView {
  readonly verdict: "accepted" | "refused";
  readonly reason?: string;
  readonly detail?: string;
  readonly workload?: string;
  readonly nearest?: {
    readonly workload: string;
    readonly rule: number;
    readonly differences: readonly {
      readonly claim: string;
      readonly expected: unknown;
      readonly found: unknown;
    }[];
  };
  /** With a rule of the caller's own: each of its conditions. */
  readonly conditions?: readonly ConditionView[];
  /** Workloads whose stored rules accept the token. */
  readonly workloads?: readonly string[];
  /** What to look at again in the caller's rule. */
  readonly warnings?: readonly string[];
}

/** One condition of a rule, and how a token stands to it. */
export interface ConditionView {
  readonly claim: string;
  readonly expected: unknown;
  readonly found?: unknown;
  readonly matches: boolean;
  readonly why: string;
}
