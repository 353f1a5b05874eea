import type { GcpNames } from "./gcp_names.ts";
import type { Resolved } from "./subject.ts";

/** Options of the Google Cloud plan. */
export interface GcpSetupOptions {
  /** Project id, such as `acme-prod`. */
  readonly projectId: string;
  /** Project number, digits only: Google's STS takes no project id. */
  readonly projectNumber: string;
  /** Workload identity pool id, 4 to 32 of `[a-z0-9-]`, not starting with `gcp-`. Default `signet`. */
  readonly pool?: string;
  /** Provider id in the pool, same rules. Default `signet`. */
  readonly provider?: string;
  /** Service account to impersonate. Default none: direct access, tokens live as long as the JWT. */
  readonly serviceAccount?: string;
  /** Project roles to grant, such as `roles/storage.objectViewer`. Default none. */
  readonly roles?: readonly string[];
  /**
   * Whom the provider's attribute condition admits. `organization` (default) lets one provider
   * serve all workloads of the org, and the IAM binding picks the exact subject; `workload`
   * admits this one subject only.
   */
  readonly admit?: "organization" | "workload";
  /** Public key set to upload, for an issuer that Google cannot reach. Default: discovery. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** The checked parts of a plan. */
export interface GcpPlanParts {
  readonly base: Resolved;
  readonly names: GcpNames;
  /** IAM member of the one subject. */
  readonly member: string;
  /** CEL condition of the provider. */
  readonly condition: string;
  readonly jwks: unknown;
  readonly options: GcpSetupOptions;
}
