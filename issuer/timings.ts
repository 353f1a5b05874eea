import { DEFAULT_KEY_POLICY, type KeyPolicy } from "../keys/key_policy.ts";

/** Timings of key rotation, in seconds; the bounds are those of `checkKeyPolicy` in `./keys`. */
export interface ConfiguredTimings {
  /** How long a key signs. Default 604800 (7 days), at least `leadSeconds`. */
  readonly periodSeconds?: number;
  /** How long a key is published before it signs. Default 90000 (25 hours). */
  readonly leadSeconds?: number;
  /** How long a key stays published after its successor took over. Default 90000 (25 hours). */
  readonly tailSeconds?: number;
  /** How long caches may keep the JWKS. Default 600. */
  readonly jwksMaxAgeSeconds?: number;
}

/** The key policy with the operator's timings, which are in seconds. */
export function keyPolicy(timings: ConfiguredTimings = {}): KeyPolicy {
  const { periodSeconds, leadSeconds, tailSeconds, jwksMaxAgeSeconds } = timings;
  const given = {
    period: periodSeconds,
    lead: leadSeconds,
    tail: tailSeconds,
    jwksMaxAge: jwksMaxAgeSeconds,
  };
  const known = Object.entries(given).filter(([, seconds]) => seconds !== undefined);
  return {
    ...DEFAULT_KEY_POLICY,
    ...Object.fromEntries(known.map(([name, seconds]) => [name, seconds! * 1000])),
  };
}
