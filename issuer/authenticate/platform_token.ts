import { ProofError, TokenError } from "../errors.ts";
import type { UseOnce } from "../single_use.ts";
import { PlatformTokenError } from "../trust/errors.ts";
import type { PlatformTokenVerifier, RuleMatch } from "../trust/platform_tokens.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import type { TrustRule } from "../trust/rule.ts";
import type { TrustIndex } from "../workloads/trust_index.ts";
import type { WorkloadRecord } from "../workloads/workload.ts";
import type { WorkloadStore } from "../workloads/workload_store.ts";
import type { Caller } from "./caller.ts";

/** A rule with the workload that it belongs to. */
export interface OwnedRule extends TrustRule {
  readonly owner: WorkloadRecord;
  /** Place among the rules of its workload. */
  readonly place: number;
}

/** Proves a caller by a token of the platform that it runs on. */
export type PlatformTokenAuthenticator = (presented: {
  readonly token: string;
  /** The workload that the caller says it is, where it says so. */
  readonly workload?: string;
}) => Promise<Caller>;

/** Every rule of a workload, with its owner. */
export function ownedRules(owner: WorkloadRecord): OwnedRule[] {
  return owner.workload.trust.map((rule, place) => ({ ...rule, owner, place }));
}

/** Authenticates by platform token against the trust rules of the workloads in `store`. */
export function platformTokenAuthenticator(options: {
  store: WorkloadStore;
  index: TrustIndex;
  verifier: PlatformTokenVerifier;
  useOnce: UseOnce;
}): PlatformTokenAuthenticator {
  const { store, index, verifier, useOnce } = options;

  async function candidates(ids: readonly string[]): Promise<OwnedRule[]> {
    const records = await Promise.all(ids.map((id) => store.find(id)));
    return records.flatMap((record) => record ? ownedRules(record) : []);
  }

  return async ({ token, workload }) => {
    try {
      const parsed = readPlatformToken(token);
      const { ids, isIssuerNamed } = await index.candidates(parsed.claims);
      // Named before the signature is looked at, for the log alone: the caller learns nothing of it.
      if (isIssuerNamed && ids.length === 0) throw new ProofError("claims_not_trusted");
      const asked = workload === undefined ? ids : ids.filter((id) => id === workload);
      if (ids.length > 0 && asked.length === 0) throw new ProofError("workload_not_trusted");
      const { matches, replay } = await verifier.verify(parsed, await candidates(asked));
      const match = soleOwner(matches);
      const { owner, place } = match.rule;
      return {
        workload: owner,
        verified: match.facts,
        method: "platform_token",
        credential: `trust/${place}`,
        consume: match.singleUse ? () => consume(useOnce, replay) : undefined,
      };
    } catch (error) {
      throw refusal(error);
    }
  };
}

async function consume(useOnce: UseOnce, replay: Parameters<UseOnce>[0]): Promise<void> {
  if (!await useOnce(replay)) throw new ProofError("token_replayed");
}

function soleOwner(matches: readonly RuleMatch<OwnedRule>[]): RuleMatch<OwnedRule> {
  const owners = new Set(matches.map(({ rule }) => rule.owner.workload.id));
  if (owners.size > 1) throw new ProofError("several_workloads_match");
  // Used once if any rule that it meets says so.
  return matches.find(({ singleUse }) => singleUse) ?? matches[0]!;
}

/** Keys that cannot be had are worth a retry; every other refusal looks alike to the caller. */
function refusal(error: unknown): unknown {
  if (!(error instanceof PlatformTokenError)) return error;
  if (error.code !== "keys_unavailable") return new ProofError(error.code);
  const description = "Cannot check the token: its issuer does not answer; try again soon";
  return new TokenError("temporarily_unavailable", description, {
    reason: "issuer_keys_unavailable",
    retryAfter: 2,
    cause: error,
  });
}
