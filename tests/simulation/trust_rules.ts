import { type Facts, type KnownKey, RECOVERY, STALE } from "./facts.ts";
import type { Token } from "./isolate.ts";
import type { Process } from "./process.ts";
import {
  CACHE_POLICIES,
  type CachePolicy,
  longestBlindness,
  longestTrust,
} from "./relying_party.ts";
import type { Served } from "./serving_rules.ts";

/** A relying party's answer. */
export interface Verdict {
  readonly token: Token;
  readonly policy: CachePolicy;
  readonly accepted: boolean;
}

interface Minted extends Token {
  readonly at: number;
  readonly by: string;
}

/**
 * What must hold between tokens and relying parties. These are not only tried: every JWKS that was
 * served to anybody counts as one that each of them may still hold.
 */
export class TrustRules {
  readonly #facts: Facts;
  #served: Served[] = [];
  #live: Minted[] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** A JWKS was served: relying parties that get it must take every token that lives. */
  onServed(served: Served): void {
    const { now, keys } = this.#facts;
    this.#live = this.#live.filter((token) =>
      this.#endOfTrust(token) >= now && keys.get(token.kid)!.compromisedAt === Infinity
    );
    for (const token of this.#live) this.#mustHold(served, token, "fetched in the token's life");
    this.#served = this.#served.filter(({ at }) => at > now - this.#longestMemory());
    this.#served.push(served);
  }

  /** A token was minted: relying parties that hold an older JWKS must take it. */
  onMinted(token: Token, process: Process): void {
    const { now, keys } = this.#facts;
    const minted = { ...token, at: now, by: process.name };
    const { kid, issuedAt, keyNotBefore = 0 } = token;
    const key = keys.get(kid) ??
      this.#facts.fail(`${process.name} signs with ${kid}, which was never stored`);
    const begin = Math.max(keyNotBefore, key.record.notBefore);
    this.#facts.must(begin <= issuedAt, `${process.name} signs before ${kid} may`);
    this.#mustHavePublished(key, minted);
    if (key.compromisedAt <= now) return this.#mustStopSoon(key, { minted, process });
    for (const served of this.#served) this.#mustHold(served, minted, "fetched before");
    this.#live.push(minted);
  }

  #mustHavePublished({ committedAt, lateness, record }: KnownKey, { kid, at, by }: Minted): void {
    if (record.bootstrap || record.emergency) return;
    const { lead, clockSkew } = this.#facts.configuration.policy;
    const published = at - committedAt;
    const least = lead - lateness - clockSkew / 2;
    this.#facts.must(
      published >= least,
      `${by} signs with ${kid}, published ${published} ms before`,
    );
  }

  #mustStopSoon(
    { compromisedAt }: KnownKey,
    { minted: { kid, at, by }, process }: { minted: Minted; process: Process },
  ): void {
    const late = at - compromisedAt;
    const allowed = Math.min(this.#facts.inForce(process), STALE + this.#facts.clockStep);
    this.#facts.must(late <= allowed, `${by} signs with ${kid} ${late} ms after its revocation`);
  }

  /** Whether relying parties that got this JWKS take this token. */
  #mustHold(served: Served, token: Minted, when: string): void {
    this.#facts.scheduler.tally.count("a JWKS is held against a token");
    if (served.kids.has(token.kid) || this.#isExcused(served, token.kid)) return;
    const { jwksMaxAge } = this.#facts.configuration.policy;
    const age = Math.max(0, token.at - served.at);
    const fails = CACHE_POLICIES.filter((policy) => age < longestBlindness(policy) + jwksMaxAge);
    if (fails.length === 0) return;
    const names = fails.map(({ name }) => name).join(", ");
    this.#facts.fail(
      `${names} may refuse a token of ${token.by} by ${token.kid}: a JWKS of ${served.by}, ` +
        `${when}, ${age} ms older than the token, does not hold the key`,
    );
  }

  #isExcused({ readAt, isLastGood }: Served, kid: string): boolean {
    const { record, committedAt } = this.#facts.keys.get(kid)!;
    const { policy: { viewAge, clockSkew }, haste } = this.#facts.configuration;
    // A key whose turn came a bare lead after its publication, unseen by an isolate without a
    // store: the one case that no lead covers, since an outage has no bound.
    if (isLastGood && haste && readAt <= committedAt) {
      this.#facts.excused.add(kid);
      return true;
    }
    // What replaced a compromised key at once, or began the issuer, could not be known before.
    if (!record.bootstrap && !record.emergency) return false;
    return readAt <= committedAt + viewAge + clockSkew;
  }

  /** A relying party said something about a token. */
  onVerdict({ token, policy, accepted }: Verdict): void {
    const { now, keys, scheduler: { tally } } = this.#facts;
    const key = keys.get(token.kid)!;
    if (key.compromisedAt === Infinity) {
      if (now > this.#endOfTrust(token) || this.#mayNotKnow(key, policy)) return;
      tally.count(`${policy.name} must take a token`);
      this.#facts.must(accepted, `${policy.name} refuses a token by ${token.kid}`);
      return;
    }
    const end = key.lastServedAt + longestTrust(policy) +
      this.#facts.configuration.policy.jwksMaxAge;
    if (now <= end + RECOVERY) return;
    tally.count(`${policy.name} must refuse a compromised key`);
    this.#facts.must(!accepted, `${policy.name} still takes the removed ${token.kid}`);
  }

  /** Whether a relying party may hold a JWKS from before a key that had no lead. */
  #mayNotKnow({ record, committedAt }: KnownKey, policy: CachePolicy): boolean {
    if (this.#facts.excused.has(record.kid)) return true;
    if (!record.bootstrap && !record.emergency) return false;
    const { lead, viewAge, clockSkew, jwksMaxAge } = this.#facts.configuration.policy;
    // An isolate without a store goes on with its last good JWKS for a lead.
    const lastServed = committedAt + viewAge + clockSkew + lead;
    return this.#facts.now <= lastServed + jwksMaxAge + longestBlindness(policy);
  }

  #endOfTrust({ expiresAt }: Token): number {
    return expiresAt + this.#facts.configuration.policy.leeway;
  }

  #longestMemory(): number {
    const blindness = Math.max(...CACHE_POLICIES.map(longestBlindness));
    return blindness + this.#facts.configuration.policy.jwksMaxAge;
  }
}
