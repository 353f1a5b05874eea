import type { Algorithm } from "../../keys/algorithm.ts";
import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import { SECOND } from "../keys/support.ts";
import type { Configuration } from "./configurations.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** Something that must never be so. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** What is known about a key from the outside. All times are true times in ms. */
export interface KnownKey {
  readonly alg: Algorithm;
  readonly committedAt: number;
  /** How long after its writer decided on it its commit was applied. */
  readonly lateness: number;
  record: KeyRecord;
  compromisedAt: number;
  /** When a JWKS with it was last served. */
  lastServedAt: number;
}

/** Calls that a fault has hit, the pause after a failed load, and the probe of a full guard. */
export const RECOVERY = 20 * SECOND;
/** Longest that signing goes on without the store. */
export const STALE = 600 * SECOND;

/** What every rule of the oracle goes by, and the first one that was broken. */
export class Facts {
  readonly configuration: Configuration;
  readonly scheduler: Scheduler;
  readonly keys = new Map<string, KnownKey>();
  /** The stored keysets. */
  readonly latest = new Map<Algorithm, KeysetRecord>();
  /** Keys that a last good JWKS missed during an outage. */
  readonly excused = new Set<string>();
  violation: InvariantError | undefined;

  constructor(configuration: Configuration, scheduler: Scheduler) {
    this.configuration = configuration;
    this.scheduler = scheduler;
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** How far one clock may jump, in ms. */
  get clockStep(): number {
    const { hardship, policy } = this.configuration;
    return hardship.clockSteps ? policy.clockSkew : 0;
  }

  must(holds: boolean, message: string): void {
    if (!holds) this.fail(message);
  }

  // Kept as well as thrown: the code under test may catch it as a failure of the store.
  fail(message: string): never {
    this.violation ??= new InvariantError(message);
    throw this.violation;
  }

  isHindered({ lastFaultAt }: Process): boolean {
    return this.now < lastFaultAt + RECOVERY;
  }

  /** How long after a revocation an isolate may not know of it; Infinity if it cannot read. */
  inForce(process: Process): number {
    const { policy: { viewAge }, hardship } = this.configuration;
    return this.isHindered(process) ? Infinity : viewAge + this.clockStep + hardship.lag;
  }
}
