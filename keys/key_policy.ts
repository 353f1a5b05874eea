/** The timings of key rotation, all in ms. Symbols in brackets are those of the rotation rule. */
export interface KeyPolicy {
  /** How long a key signs. At least `lead`. Default 7 days. */
  readonly period: number;
  /**
   * [P] How long a key is in the JWKS before it signs: the longest time that a relying party keeps
   * a JWKS without looking again, plus A + I + R + S. Default 25 hours, for those that keep it 24.
   */
  readonly lead: number;
  /** How long a key stays in the JWKS after its successor took over. Default 25 hours. */
  readonly tail: number;
  /** [A] `max-age` of the JWKS, caches in front included. Default 600,000 (10 minutes). */
  readonly jwksMaxAge: number;
  /** [I] How old an isolate's copy of the keyset may be when it signs. Default 60,000. */
  readonly viewAge: number;
  /** [R] How late a replica of the store may be. Default 5,000. */
  readonly replicaLag: number;
  /** [S] How far two isolates' clocks may differ. Default 60,000. */
  readonly clockSkew: number;
  /** [K] How long relying parties accept a token after it expired. Default 300,000. */
  readonly leeway: number;
}

const HOUR = 3_600_000;

/** The defaults of {@link KeyPolicy}. */
export const DEFAULT_KEY_POLICY: KeyPolicy = Object.freeze({
  period: 7 * 24 * HOUR,
  lead: 25 * HOUR,
  tail: 25 * HOUR,
  jwksMaxAge: 600_000,
  viewAge: 60_000,
  replicaLag: 5_000,
  clockSkew: 60_000,
  leeway: 300_000,
});

/** [L] The longest life of any token, in ms, unless the operator lowers it. */
export const DEFAULT_MAX_TOKEN_LIFETIME: number = HOUR;

/**
 * Every reason why these timings would lead to tokens that relying parties refuse; empty if none.
 *
 * @param options `maxTokenLifetime` [L] in ms, default one hour.
 */
export function checkKeyPolicy(
  policy: KeyPolicy,
  { maxTokenLifetime = DEFAULT_MAX_TOKEN_LIFETIME }: { maxTokenLifetime?: number } = {},
): readonly string[] {
  const wrong = Object.entries({ ...policy, maxTokenLifetime })
    .filter(([, ms]) => !Number.isSafeInteger(ms) || ms < 0)
    .map(([name]) => `${name} must be a whole number of milliseconds, 0 or more`);
  if (wrong.length > 0) return wrong;

  const { period, lead, tail, jwksMaxAge, viewAge, replicaLag, clockSkew, leeway } = policy;
  const isolates = viewAge + replicaLag + clockSkew;
  const floor = jwksMaxAge + isolates;
  const shortestTail = maxTokenLifetime + isolates + leeway;
  const rules: [boolean, string][] = [
    [
      lead >= floor,
      `lead is ${lead} and must be at least jwksMaxAge + viewAge + replicaLag + ` +
      `clockSkew = ${floor}, or caches still serve a JWKS without the key when it signs`,
    ],
    [jwksMaxAge <= lead, `jwksMaxAge is ${jwksMaxAge} and must not exceed lead = ${lead}`],
    [
      period >= lead,
      `period is ${period} and must be at least lead = ${lead}, or the next key ` +
      "is due before it could be published",
    ],
    [
      tail >= shortestTail,
      `tail is ${tail} and must be at least maxTokenLifetime + viewAge + ` +
      `replicaLag + clockSkew + leeway = ${shortestTail}, or valid tokens outlive their key`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, reason]) => reason);
}
