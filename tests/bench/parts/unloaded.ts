import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { rawSigning } from "../raw_signing.ts";
import { atMost, type Row } from "../row.ts";

/** One request at a time: what comes on top of the signature itself. */
export const unloaded: Part = {
  name: "unloaded",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess();
    const rows: Row[] = [];
    const ways = [
      { alg: "RS256", way: "RS256 node", limit: 400, by: "signed in a worker" },
      { alg: "ES256", way: "ES256 subtle short", limit: 150, by: "WebCrypto" },
      { alg: "EdDSA", way: "EdDSA node", limit: 150, by: "on the thread" },
    ] as const;
    for (const { alg, way, limit, by } of ways) {
      const asked = { audience: audienceOf[alg], connections: 1, seconds };
      const values = await interleave({
        token: async () => (await loadTokens(issuer, asked)).p50 * 1000,
        raw: async () => (await rawSigning(way, { inFlight: 1, seconds })).p50,
      }, { rounds });
      const ours = values.token.map((micros, round) => Math.max(1, micros - values.raw[round]!));
      rows.push(atMost(limit, {
        ...{ what: `unloaded token, p50 above raw, ${alg} (${by})`, unit: "µs", ours },
      }));
    }
    return rows;
  },
};
