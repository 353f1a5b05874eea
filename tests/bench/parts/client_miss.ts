import { createIdTokenClient } from "../../../client/create_id_token_client.ts";
import { audienceOf, startIssuerProcess } from "../issuer_load.ts";
import { interleaveCalls } from "../interleave.ts";
import type { Part } from "../part.ts";
import { atMost, row } from "../row.ts";

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
    const ours = () => client.getIdToken(audience, { forceRefresh: true });
    const values = await interleaveCalls({ ours, bare }, { rounds, samples: samples * 5 });
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
