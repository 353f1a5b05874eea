/** An admin change: who did what to which thing. Never holds a secret. */
export interface AuditEvent {
  /** Who: `admin-token`, or the subject of the token that proved an administrator. */
  readonly actor: string;
  /** What, for example `workload.create`. */
  readonly action: string;
  /** To what, for example `workload:web`. */
  readonly target: string;
  /** What changed, where that can be told in public. */
  readonly before?: unknown;
  /** What it is now. */
  readonly after?: unknown;
  /** Only where the change is not one commit with its event: how far it came. */
  readonly outcome?: "started" | "done" | "failed";
}

/** An event as the audit log keeps it. */
export interface StoredAuditEvent extends AuditEvent {
  /** Sorts by time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
