/** What a process is about to do when it may die. */
export const STEPS = [
  "request",
  "key generation",
  "sealing",
  "signature",
  "timer",
  "store reply",
  "commit reply",
  "store error",
] as const;

/** See {@link STEPS}. */
export type StepName = (typeof STEPS)[number];

/** Every fault that the simulation knows, by the name that it is counted under. */
export const FAULTS: readonly string[] = [
  ...STEPS.map((step) => `crash before ${step}`),
  "crash with a call on its way that is lost",
  "crash with a call on its way that arrives",
  "lost reply, told as a conflict",
  "lost reply, told as a broken connection",
  "locked file",
  "broken connection",
  "slow call",
  "late call",
  "lagging read",
  "outage for all",
  "outage for one",
  "clock steps back",
  "clock steps forward",
  "stands still",
];

/** Everything that administrators do. */
export const ADMIN_ACTS: readonly string[] = [
  "rotate",
  "rotate in an emergency",
  "revoke: published",
  "revoke: active",
  "revoke: retired",
  "revoke: compromised",
];

/** How often each thing happened: shows that a simulation did what it promises. */
export class Tally {
  readonly counts = new Map<string, number>();

  count(name: string, times = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  add(others: Iterable<readonly [string, number]>): void {
    for (const [name, times] of others) this.count(name, times);
  }

  /** Which of these never happened. */
  missing(names: readonly string[]): string[] {
    return names.filter((name) => !this.counts.has(name));
  }
}
