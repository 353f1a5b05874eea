import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { rawSigning } from "../raw_signing.ts";
import { row } from "../row.ts";

/** EdDSA: the signature is made on the thread that serves, so the two times add up. */
export const tokensEddsa: Part = {
  name: "tokens-eddsa",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess();
    await using unsigned = await startIssuerProcess({ unsigned: true });
    const asked = { audience: audienceOf.EdDSA, seconds };
    const values = await interleave({
      ours: async () => (await loadTokens(issuer, asked)).perSecond,
      unsigned: async () => (await loadTokens(unsigned, asked)).perSecond,
      raw: async () => (await rawSigning("EdDSA node", { inFlight: 1, seconds })).perSecond,
    }, { rounds });
    const limit = values.unsigned.map((rate, round) => 1 / (1 / rate + 1 / values.raw[round]!));
    return [row({
      ...{ what: "token, distinct workloads, EdDSA", unit: "/s", ours: values.ours },
      ...{ against: "1 / (1/unsigned + 1/raw)", limit, goal: { atLeast: 0.90 } },
    })];
  },
};
