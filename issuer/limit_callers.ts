import type { Caller } from "./authenticate/caller.ts";
import { andThen, type Eventual, orElse } from "./eventual.ts";
import { ProofError, TokenError } from "./errors.ts";
import { type Allowance, createRateLimit } from "./rate_limit.ts";
import { RecentMap } from "./recent_map.ts";

/** What a caller shows before anything is known of it. */
export interface PresentedProof {
  /** Whose endpoint it is: tenants do not share what is proven. */
  readonly issuer: string;
  /** Hex SHA-256 of the credential as sent. */
  readonly digest: string;
  /** Where the request comes from, see request_source.ts. */
  readonly source: string;
}

/** Authenticates within the limits, which come before any KV read or signature (threat 62); at once where the proof is known. */
export type LimitCallers = (
  proof: PresentedProof,
  authenticate: () => Eventual<Caller>,
) => Eventual<Caller>;

/** Most credentials and sources that are remembered, each. */
const maxRemembered = 50_000;

/**
 * A credential proven before has a limit of its own. Any other is charged to its source, which gets
 * the charge back once it proves good: thousands of sound callers may share an address, and a flood
 * of guesses costs its source only.
 */
export function limitCallers(options: { perMinute: number; now: () => number }): LimitCallers {
  const limit = () => createRateLimit({ ...options, maxKeys: maxRemembered });
  const [credentials, sources] = [limit(), limit()];
  // Each with its allowance: another look-up per request would find the processor's caches cold.
  const proven = new RecentMap<Allowance>(maxRemembered);

  return ({ issuer, digest, source }, authenticate) => {
    const shown = `${issuer} ${digest}`;
    const known = proven.get(shown);
    const charged = known ?? sources.of(source);
    take(charged, known === undefined ? "source" : "credential");

    function forget(error: unknown): never {
      // That the store does not answer says nothing against a proof.
      if (error instanceof ProofError) proven.delete(shown);
      throw error;
    }

    function remember(caller: Caller): Caller {
      if (known !== undefined) return caller;
      const allowance = credentials.of(
        `${issuer} ${caller.workload.workload.id} ${caller.credential}`,
      );
      take(allowance, "credential");
      charged.giveBack();
      // What is good for one token only will not be seen again.
      if (!caller.consume) proven.set(shown, allowance);
      return caller;
    }

    return andThen(orElse(authenticate, forget), remember);
  };
}

function take(allowance: Allowance, of: "credential" | "source"): void {
  const wait = allowance.take();
  if (wait === 0) return;
  const whose = of === "credential" ? "this credential" : "this address";
  throw new TokenError(
    "slow_down",
    `Cannot issue a token now: too many requests from ${whose}; wait as Retry-After says, and ` +
      "keep tokens until they expire",
    { reason: `rate_limited_${of}`, retryAfter: Math.ceil(wait / 1000) },
  );
}
