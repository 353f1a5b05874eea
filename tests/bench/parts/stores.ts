import { denokvServer, lacksDenokv } from "../../_support/denokv.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

const keysets = ["RS256", "EdDSA"].map((alg) => ["bench", "keyset", alg]);
/** As long as a keyset with four RSA keys. */
const record = new Uint8Array(12_000);
const inFlight = 32;

/** What an issuer asks of its store, on the two that need no platform. */
export const stores: Part = {
  name: "stores",
  async run({ rounds, samples }) {
    if (lacksDenokv()) return [];
    const folder = await Deno.makeTempDir();
    await using server = await denokvServer();
    using file = await Deno.openKv(`${folder}/kv.sqlite`);
    using remote = await Deno.openKv(server.url);
    try {
      const rows = [];
      for (const { what, unit, measure } of measures(samples)) {
        const values = await interleave(
          { ours: () => measure(remote), file: () => measure(file) },
          { rounds },
        );
        rows.push(row({
          ...{ what: `denokv: ${what}`, unit, ours: values.ours },
          ...{ against: "SQLite file", limit: values.file, goal: "shown" },
        }));
      }
      return rows;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

function measures(samples: number) {
  return [
    {
      what: "both keysets, read strongly",
      unit: "µs",
      measure: (kv: Deno.Kv) => each(samples, () => kv.getMany(keysets)),
    },
    {
      what: "a keyset written",
      unit: "µs",
      measure: (kv: Deno.Kv) => each(samples, () => kv.set(keysets[0]!, record)),
    },
    {
      what: `single-use inserts, ${inFlight} in flight`,
      unit: "/s",
      measure: async (kv: Deno.Kv) =>
        1e6 / await each(samples, () =>
          Promise.all(Array.from({ length: inFlight }, insertInto(kv)))) *
        inFlight,
    },
  ];
}

/** Microseconds that one takes when one follows another. */
async function each(count: number, act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  for (let done = 0; done < count; done++) await act();
  return (performance.now() - begin) * 1000 / count;
}

function insertInto(kv: Deno.Kv): () => Promise<unknown> {
  return () => {
    const key = ["bench", "used", crypto.randomUUID()];
    return kv.atomic().check({ key, versionstamp: null }).set(key, 1, { expireIn: 60_000 })
      .commit();
  };
}
