import { HOUR, MINUTE, SECOND } from "../keys/support.ts";
import type { Scheduler } from "./scheduler.ts";

/** How a kind of relying party keeps keys. Times in ms. */
export interface CachePolicy {
  readonly name: string;
  /** How long it keeps a JWKS before it fetches again; Infinity: until an unknown kid comes. */
  readonly keep: number;
  /** How soon after a fetch an unknown kid makes it fetch again; Infinity: never. */
  readonly cooldown: number;
  /** How long it goes on with an expired JWKS when a fetch fails. */
  readonly lastKnownGood: number;
}

/** Every policy of relying parties that keep keys for at most a day without looking again. */
export const CACHE_POLICIES: readonly CachePolicy[] = [
  // createRemoteJWKSet: cacheMaxAge and cooldownDuration.
  { name: "jose", keep: 10 * MINUTE, cooldown: 30 * SECOND, lastKnownGood: 0 },
  // No lifetime at all; a penalty after a miss.
  { name: "aws-jwt-verify", keep: Infinity, cooldown: 10 * SECOND, lastKnownGood: 0 },
  // Ten requests a minute: at worst the last of them was the start of a pause of a minute.
  { name: "jwks-rsa", keep: 10 * MINUTE, cooldown: MINUTE, lastKnownGood: 0 },
  { name: "go-oidc", keep: Infinity, cooldown: 0, lastKnownGood: 0 },
  { name: ".NET", keep: 12 * HOUR, cooldown: 5 * MINUTE, lastKnownGood: HOUR },
  { name: "SAP", keep: 15 * MINUTE, cooldown: Infinity, lastKnownGood: 0 },
  { name: "API Gateway", keep: HOUR, cooldown: 5 * MINUTE, lastKnownGood: 0 },
  { name: "Apigee", keep: 5 * MINUTE, cooldown: Infinity, lastKnownGood: 0 },
  { name: "a day, hourly", keep: HOUR, cooldown: Infinity, lastKnownGood: 23 * HOUR },
  { name: "a day, no refetch", keep: 24 * HOUR, cooldown: Infinity, lastKnownGood: 0 },
];

/** How long after a fetch it may refuse an unknown kid without looking again. */
export function longestBlindness({ keep, cooldown, lastKnownGood }: CachePolicy): number {
  return Math.min(keep + lastKnownGood, cooldown);
}

/** Longest time that a removed key is still trusted after the last JWKS with it; maybe for ever. */
export function longestTrust({ keep, lastKnownGood }: CachePolicy): number {
  return keep + lastKnownGood;
}

/** Gets the kids of a JWKS over HTTP, or undefined when nobody answers. */
export type FetchKids = () => Promise<ReadonlySet<string> | undefined>;

/** An HTTP cache in front of the issuer that honors `max-age`, and adds nothing to it. */
export function httpCache(
  fetchKids: FetchKids,
  { maxAge, scheduler }: { maxAge: number; scheduler: Scheduler },
): FetchKids {
  let held: { kids: ReadonlySet<string>; at: number } | undefined;
  return async () => {
    const at = scheduler.now;
    if (held !== undefined && at - held.at < maxAge) return held.kids;
    const kids = await fetchKids();
    // Counted from the request, as the Age header of a cache does.
    if (kids !== undefined) held = { kids, at };
    return kids;
  };
}

/** A relying party's cache of keys. */
export interface RelyingParty {
  readonly policy: CachePolicy;
  /** Whether it takes a token of this key now; undefined: it cannot know any keys at all. */
  accepts(kid: string): Promise<boolean | undefined>;
}

/** Makes a {@link RelyingParty}. */
export function relyingParty(
  policy: CachePolicy,
  { fetchKids, scheduler }: { fetchKids: FetchKids; scheduler: Scheduler },
): RelyingParty {
  let held: { kids: ReadonlySet<string>; at: number } | undefined;
  let flight: Promise<boolean> | undefined;

  function refresh(): Promise<boolean> {
    flight ??= (async () => {
      const at = scheduler.now;
      const kids = await fetchKids();
      if (kids !== undefined) held = { kids, at };
      return kids !== undefined;
    })().finally(() => flight = undefined);
    return flight;
  }

  const age = () => held === undefined ? Infinity : scheduler.now - held.at;
  return {
    policy,
    async accepts(kid) {
      if (age() >= policy.keep && !await refresh()) {
        if (age() >= policy.keep + policy.lastKnownGood) return undefined;
      }
      if (held!.kids.has(kid)) return true;
      if (age() < policy.cooldown || policy.cooldown === Infinity) return false;
      if (!await refresh()) return undefined;
      return held!.kids.has(kid);
    },
  };
}
