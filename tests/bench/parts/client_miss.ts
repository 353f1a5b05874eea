import { createIdTokenClient } from "../../../client/create_id_token_client.ts";
import { audienceOf, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { atMost, row } from "../row.ts";
import { median } from "../statistics.ts";

/** A token that must be fetched, and many callers who want the same one. */
export const clientMiss: Part = {
  name: "client-miss",
  async run({ rounds, samples }) {
    await using issuer = await startIssuerProcess({ workloads: 1 });
    const { url, tokens } = issuer.hello;
    const env: Record<string, string> = { SIGNET_ISSUER: url, SIGNET_REQUEST_TOKEN: tokens[0]! };
    let requests = 0;
    const counted: typeof fetch = (input, init) => {
      requests++;
      return fetch(input, init);
    };
    using client = createIdTokenClient({ env: (name) => env[name], fetch: counted });
    const audience = audienceOf.EdDSA;
    const bare = async () => {
      const query = new URLSearchParams({ audience });
      const headers = { authorization: `Bearer ${tokens[0]}`, accept: "application/json" };
      const response = await fetch(`${url}/token?${query}`, { headers });
      return (await response.json()).value as string;
    };
    const values = await interleave({
      ours: () => micros(() => client.getIdToken(audience, { forceRefresh: true }), samples),
      bare: () => micros(bare, samples),
    }, { rounds });
    requests = 0;
    await Promise.all(Array.from({ length: 1_000 }, () => client.getIdToken(audienceOf.ES256)));
    return [
      row({
        ...{ what: "a miss", unit: "µs", ours: values.ours, limit: values.bare },
        ...{ against: "bare fetch + JSON", goal: { atMost: 1.15 } },
      }),
      atMost(1, { what: "requests of 1,000 callers at once", unit: "requests", ours: [requests] }),
    ];
  },
};

async function micros(call: () => Promise<string>, samples: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < samples; index++) {
    const start = performance.now();
    await call();
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}
