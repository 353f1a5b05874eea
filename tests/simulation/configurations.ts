import { DEFAULT_KEY_POLICY, type KeyPolicy } from "../../keys/key_policy.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../keys/support.ts";

/** What may go wrong in a configuration, and how far. Times in ms; 0 or false: it never does. */
export interface Hardship {
  /** Longest time that the store does not answer, for one isolate or for all. */
  readonly outage: number;
  /** Longest time that a call is on its way to the store and applied all the same. */
  readonly late: number;
  /** How old an answer of the store may be. */
  readonly lag: number;
  /** Locked files and lost replies. */
  readonly mishaps: boolean;
  /** Broken connections, and calls slower than their deadline. */
  readonly failures: boolean;
  /** Whether clocks jump within the skew that the policy allows, and not only differ by it. */
  readonly clockSteps: boolean;
  /** Longest time that an isolate stands still with work in its hands. */
  readonly freeze: number;
}

/** One way to run an issuer, and what it must survive. */
export interface Configuration {
  readonly name: string;
  readonly policy: KeyPolicy;
  /** [L] in ms. */
  readonly maxTokenLifetime: number;
  readonly hardship: Hardship;
  /** Longest time that passes without any request, in ms. */
  readonly sleep: number;
  /** Whether administrators bring the spare's turn forward or revoke a spare. */
  readonly haste: boolean;
  /** Whether a second algorithm and another key-encryption key arrive by a rolling deployment. */
  readonly deployments: boolean;
  /** Whether requests go through the real issuer instead of straight to the keyring. */
  readonly issuer: boolean;
}

const calm: Hardship = {
  outage: 0,
  late: 0,
  lag: 0,
  mishaps: true,
  failures: true,
  clockSteps: false,
  freeze: 0,
};

const base: Omit<Configuration, "name"> = {
  policy: DEFAULT_KEY_POLICY,
  maxTokenLifetime: HOUR,
  hardship: calm,
  sleep: 40 * DAY,
  haste: true,
  deployments: false,
  issuer: false,
};

const { jwksMaxAge, viewAge, replicaLag, clockSkew, leeway } = DEFAULT_KEY_POLICY;

/**
 * Outage and lateness stay below what the default lead has to spare beyond a day of caching:
 * 25 h - (24 h + A + I + R + S), 48 minutes in all.
 */
const hard: Hardship = {
  outage: 20 * MINUTE,
  late: 20 * MINUTE,
  lag: 0,
  mishaps: true,
  failures: true,
  clockSteps: true,
  freeze: 10 * MINUTE,
};

/** Every configuration of the simulation. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { ...base, name: "default", hardship: hard },
  // Clocks that only differ: an emergency is in force within exactly 60 s.
  { ...base, name: "steady", hardship: { ...calm, outage: 15 * MINUTE } },
  // Nothing to spare: a lead of T + A + I + R + S, the shortest tail, a key a lead. Reads succeed.
  {
    ...base,
    name: "tight",
    policy: {
      ...DEFAULT_KEY_POLICY,
      ...{ period: shortestLead(), lead: shortestLead(), tail: shortestTail(HOUR) },
    },
    hardship: { ...calm, failures: false, clockSteps: true },
  },
  // Clocks that are set by hours, and a policy that knows it; nothing else to spare.
  {
    ...base,
    name: "clocks",
    policy: {
      ...DEFAULT_KEY_POLICY,
      ...{ clockSkew: 2 * HOUR, period: shortestLead(2 * HOUR), lead: shortestLead(2 * HOUR) },
      tail: shortestTail(HOUR, 2 * HOUR),
    },
    hardship: { ...calm, failures: false, clockSteps: true },
  },
  // The shortest tail while stores fail: stale isolates sign on with what they hold.
  {
    ...base,
    name: "short-tail",
    policy: { ...DEFAULT_KEY_POLICY, period: 2 * DAY, tail: shortestTail(HOUR) },
    hardship: { ...hard, late: 0, freeze: 0 },
  },
  // Outages longer than a whole lead: safe where no turn is brought forward.
  {
    ...base,
    name: "outage",
    haste: false,
    sleep: 4 * DAY,
    hardship: { ...hard, outage: 60 * HOUR, late: 3 * HOUR },
  },
  { ...base, name: "lag", hardship: { ...calm, lag: DEFAULT_KEY_POLICY.replicaLag } },
  // A machine that is put to sleep with work in its hands.
  { ...base, name: "frozen", hardship: { ...calm, failures: false, freeze: 10 * DAY } },
  { ...base, name: "deployments", hardship: hard, deployments: true },
  {
    ...base,
    name: "issuer",
    issuer: true,
    hardship: { ...calm, outage: 10 * MINUTE, clockSteps: true },
  },
];

/** The shortest lead that covers caches of a day: T + A + I + R + S. */
function shortestLead(skew = clockSkew): number {
  return DAY + jwksMaxAge + viewAge + replicaLag + skew;
}

/** The shortest tail that the policy's rule takes: L + I + R + S + K. */
function shortestTail(maxTokenLifetime: number, skew = clockSkew): number {
  return maxTokenLifetime + viewAge + replicaLag + skew + leeway;
}

/** The configuration of a name. */
export function configurationOf(name: string): Configuration {
  const found = CONFIGURATIONS.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = CONFIGURATIONS.map((each) => each.name).join(", ");
  throw new TypeError(`Cannot simulate ${JSON.stringify(name)}: the configurations are ${names}`);
}

/** How long a call may take before it counts as a fault of the store. */
export const SLOW = SECOND;
