import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave, type Measure } from "../interleave.ts";
import type { Part, Scale } from "../part.ts";
import type { RawWay } from "../raw_signer.ts";
import { rawSigning } from "../raw_signing.ts";
import { type Row, row } from "../row.ts";
import type { Goal } from "../statistics.ts";

interface RawLimit {
  readonly way: RawWay;
  readonly against: string;
  readonly goal: Goal;
}

/** Tokens of distinct workloads against the platform's signatures with nothing around them. */
function tokensPart(alg: "RS256" | "ES256", limits: readonly RawLimit[]): Part {
  return {
    name: `tokens-${alg.toLowerCase()}`,
    async run({ rounds, seconds }: Scale): Promise<Row[]> {
      await using issuer = await startIssuerProcess();
      const raw = limits.map(({ way }) =>
        [way, async () => (await rawSigning(way, { seconds })).perSecond] as const
      );
      const values = await interleave({
        ours: async () =>
          (await loadTokens(issuer, { audience: audienceOf[alg], seconds })).perSecond,
        ...Object.fromEntries(raw),
      } as Record<"ours" | RawWay, Measure>, { rounds });
      const what = `token, distinct workloads, ${alg}`;
      return limits.map(({ way, against, goal }) =>
        row({ what, unit: "/s", ours: values.ours, against, limit: values[way], goal })
      );
    },
  };
}

/** RS256: signed in two workers, blinded. */
export const tokensRs256: Part = tokensPart("RS256", [
  { way: "RS256 subtle", against: "raw crypto.subtle", goal: { atLeast: 0.89 } },
  { way: "RS256 node workers", against: "raw node:crypto, workers", goal: { atLeast: 0.95 } },
]);

/** ES256: keys without their public half. */
export const tokensEs256: Part = tokensPart("ES256", [
  { way: "ES256 subtle short", against: "raw, same key import", goal: { atLeast: 0.90 } },
  { way: "ES256 subtle", against: "raw, ordinary key", goal: { atLeast: 1.25 } },
]);
