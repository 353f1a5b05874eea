import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { probe } from "../probe.ts";
import { atMost } from "../row.ts";

/** Whether another route waits while the token route is saturated. */
export const jwksUnderLoad: Part = {
  name: "jwks-under-load",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess();
    const url = `${issuer.hello.url}/.well-known/jwks.json`;
    const p99: number[] = [];
    const { p50 } = await interleave({
      p50: async () => {
        const saturated = loadTokens(issuer, { audience: audienceOf.RS256, seconds });
        const times = await probe(url, seconds);
        await saturated;
        p99.push(times.p99);
        return times.p50;
      },
    }, { rounds });
    const what = "jwks.json while RS256 tokens saturate";
    return [
      atMost(0.2, { what: `${what}, p50`, unit: "ms", ours: p50 }),
      atMost(10, { what: `${what}, p99`, unit: "ms", ours: p99.slice(1) }),
    ];
  },
};
