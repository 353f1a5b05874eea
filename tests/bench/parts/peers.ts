import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part, Scale } from "../part.ts";
import { loadPeer, type PeerName, startTokenPeer } from "../peer_load.ts";
import { hasNode } from "../peers.ts";
import { rawSigning } from "../raw_signing.ts";
import { type Row, row } from "../row.ts";
import type { Goal } from "../statistics.ts";

const names: readonly PeerName[] = ["oidc-provider", "oauth2-mock-server"];

/** Distinct workloads against token endpoints that others wrote, on Deno and on Node. */
export const peers: Part = {
  name: "peers",
  async run(scale) {
    const rows: Row[] = [];
    for (const runtime of ["deno", "node"] as const) {
      if (runtime === "node" && !await hasNode()) continue;
      for (const alg of ["RS256", "ES256"] as const) {
        rows.push(...await comparePeers(scale, { runtime, alg }));
      }
    }
    return rows;
  },
};

async function comparePeers(
  { rounds, seconds }: Scale,
  { runtime, alg }: { runtime: "deno" | "node"; alg: "RS256" | "ES256" },
): Promise<Row[]> {
  await using issuer = await startIssuerProcess();
  await using provider = await startTokenPeer("oidc-provider", { alg, runtime });
  await using mock = await startTokenPeer("oauth2-mock-server", { alg, runtime });
  // What no server in Deno can go beyond: the same signatures with nothing around them.
  const way = alg === "RS256" ? "RS256 node workers" : "ES256 subtle short";
  const values = await interleave({
    ours: async () => (await loadTokens(issuer, { audience: audienceOf[alg], seconds })).perSecond,
    "oidc-provider": () => loadPeer("oidc-provider", { url: provider.hello.url, seconds }),
    "oauth2-mock-server": () => loadPeer("oauth2-mock-server", { url: mock.hello.url, seconds }),
    raw: async () => runtime === "deno" ? (await rawSigning(way, { seconds })).perSecond : 0,
  }, { rounds });
  // On Node they use OpenSSL, which Deno cannot: shown, with no goal.
  const least = alg === "RS256" ? 1.25 : 1.9;
  const goal: Goal = runtime === "node" ? "shown" : { atLeast: least };
  const rows = names.map((name) =>
    row({
      ...{ what: `token, distinct workloads, ${alg}`, unit: "/s", ours: values.ours },
      ...{ against: `${name} on ${runtime}`, limit: values[name], goal },
    })
  );
  const bound = row({
    ...{ what: `raw signing, ${way}`, unit: "/s", ours: values.raw, goal: "shown" },
    ...{ against: "oidc-provider on deno", limit: values["oidc-provider"] },
  });
  return runtime === "deno" ? [...rows, bound] : rows;
}
