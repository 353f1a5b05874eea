import { firstCredential } from "../first_credential.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { atMost, row } from "../row.ts";

/** An isolate's first AWS credentials, and those that were fetched ahead. */
export const firstCredentialPart: Part = {
  name: "first-credential",
  async run({ rounds }) {
    let requests = 0;
    const values = await interleave({
      cold: async () => {
        const first = await firstCredential({ ahead: false });
        requests = first.requests;
        return first.ms;
      },
      ahead: async () => (await firstCredential({ ahead: true })).ms,
      protocols: threeRoundTrips,
    }, { rounds });
    return [
      atMost(3, { what: "first AWS credentials: round trips", unit: "requests", ours: [requests] }),
      row({
        ...{ what: "first AWS credentials", unit: "ms", ours: values.cold },
        ...{ against: "three round trips", limit: values.protocols, goal: { atMost: 1.15 } },
      }),
      atMost(1, { what: "the same after prefetch()", unit: "ms", ours: values.ahead }),
    ];
  },
};

async function threeRoundTrips(): Promise<number> {
  const start = performance.now();
  for (let trip = 0; trip < 3; trip++) await new Promise((resolve) => setTimeout(resolve, 20));
  return performance.now() - start;
}
