import type { Keyring } from "../../keys/keyring.ts";
import type { AuditLog } from "../audit.ts";
import type { AdminEvent } from "../issuer_event.ts";
import type { PlatformTokenVerifier } from "../trust/platform_tokens.ts";
import type { TrustIndex } from "../workloads/trust_index.ts";
import type { WorkloadStore } from "../workloads/workload_store.ts";

/** What every admin action works with. */
export interface AdminContext {
  readonly issuer: string;
  readonly store: WorkloadStore;
  readonly index: TrustIndex;
  readonly verifier: PlatformTokenVerifier;
  readonly keyring: Keyring;
  readonly audit: AuditLog;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Gets exactly one event per request to change something, and per request that is not let in. */
  readonly onEvent: (event: AdminEvent) => void;
}

/** One admin request, read and authenticated. */
export interface AdminRequest {
  readonly request: Request;
  /** Who asks, for the audit log. */
  readonly actor: string;
  /** Values of `{...}` in the route, in order. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  /** The JSON body; undefined where none was sent. */
  readonly body: unknown;
}

/** Carries out one admin request. */
export type AdminAction = (context: AdminContext, request: AdminRequest) => Promise<Response>;
