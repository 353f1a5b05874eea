import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import type { Part } from "../part.ts";
import { residentMiB } from "../resident_memory.ts";
import { atMost, row } from "../row.ts";

/** Memory of an idle issuer, and whether a flood makes it grow. */
export const memory: Part = {
  name: "memory",
  async run({ floodSeconds }) {
    await using issuer = await startIssuerProcess({ workloads: 10 });
    const idle = await residentMiB(issuer.pid);
    const flood = (seconds: number) => loadTokens(issuer, { audience: audienceOf.EdDSA, seconds });
    const third = floodSeconds / 3;
    await flood(third);
    const early = await residentMiB(issuer.pid);
    await flood(third * 2);
    const late = await residentMiB(issuer.pid);
    return [
      atMost(80, { what: "issuer, idle", unit: "MiB", ours: [idle] }),
      row({
        ...{ what: `after a flood of ${Math.round(floodSeconds)} s`, unit: "MiB", ours: [late] },
        ...{ against: "after a third of it", limit: [early], goal: { atMost: 1.1 } },
      }),
    ];
  },
};
