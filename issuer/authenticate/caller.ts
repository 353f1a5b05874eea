import type { WorkloadRecord } from "../workloads/workload.ts";
import type { JsonValue } from "../workloads/workload.ts";

/** What is known of the asking program beyond its workload, and was verified. */
export interface VerifiedClaims {
  /** Goes into `sub`, so it is a name (name.ts). */
  readonly deploymentId?: string;
  readonly revisionId?: string;
  /** Further claims that the platform signed. */
  readonly extra?: Readonly<Record<string, JsonValue>>;
}

/** Who asks, once proven. */
export interface Caller {
  readonly workload: WorkloadRecord;
  readonly verified: VerifiedClaims;
  /** How it was proven, for the audit log. */
  readonly method: "request_token" | "private_key_jwt" | "platform_token";
  /** Which credential or rule, for the audit log. */
  readonly credential: string;
  /** Narrows the workload's own allow-list. */
  readonly audiences?: readonly string[];
  /** Uses up a proof that is good for one token; called once the request is allowed, before minting. */
  readonly consume?: () => Promise<void>;
}
