import { startIssuerProcess, tokenRequests } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import { load } from "../load.ts";
import type { Part } from "../part.ts";
import { loadPeer, startTokenPeer } from "../peer_load.ts";
import { hasNode } from "../peers.ts";
import { row } from "../row.ts";

const connections = 1_000;
const cloud = "sts.amazonaws.com";

/** A thousand isolates of one workload ask for one cloud audience: one signature per window. */
export const burst: Part = {
  name: "burst",
  async run({ rounds, seconds: short }) {
    // A thousand connections take a part of the time to come up.
    const seconds = short * 2;
    const runtime = await hasNode() ? "node" : "deno";
    await using issuer = await startIssuerProcess({ workloads: 1 });
    await using provider = await startTokenPeer("oidc-provider", { alg: "RS256", runtime });
    const { url, tokens } = issuer.hello;
    const requests = tokenRequests(tokens, cloud);
    const values = await interleave({
      ours: async () => (await load({ url, requests, connections, seconds })).perSecond,
      peer: () => loadPeer("oidc-provider", { url: provider.hello.url, seconds }),
    }, { rounds });
    const shared = { what: "burst: 1,000 isolates, one workload", unit: "/s", ours: values.ours };
    const fixed = values.ours.map(() => 30_000);
    return [
      row({ ...shared, against: "fixed", limit: fixed, goal: { atLeast: 1 } }),
      row({
        ...{ ...shared, against: `oidc-provider on ${runtime}`, limit: values.peer },
        goal: { atLeast: 15 },
      }),
    ];
  },
};
