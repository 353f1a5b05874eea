import { DEFAULT_KEY_POLICY, type KeyPolicy } from "../keys/key_policy.ts";
import type { ConfiguredTimings } from "./config_file.ts";

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
