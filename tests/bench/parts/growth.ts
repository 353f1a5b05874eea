import { createIdTokenClient } from "../../../client/create_id_token_client.ts";
import { audienceOf, loadTokens, type RunningIssuer, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { residentMiB } from "../resident_memory.ts";
import { atMost, type Row, row } from "../row.ts";
import { sampleJwt } from "../sample_jwt.ts";

const many = 10_000;

/** Time and memory as workloads, tenants and audiences grow. */
export const growth: Part = {
  name: "growth",
  async run({ rounds, seconds }) {
    const rows: Row[] = [];
    await using few = await startIssuerProcess({ workloads: 10, unsigned: true });
    await using full = await startIssuerProcess({ workloads: many, unsigned: true });
    await using shared = await startIssuerProcess({ workloads: 10, tenants: 100, unsigned: true });
    const ask = (issuer: RunningIssuer) => async () =>
      (await loadTokens(issuer, { audience: audienceOf.EdDSA, seconds })).perSecond;
    const values = await interleave({ few: ask(few), full: ask(full), shared: ask(shared) }, {
      rounds,
    });
    const flat = { unit: "/s", limit: values.few, goal: { atLeast: 0.9 } } as const;
    const what = "token without its signature";
    const [base, grown] = [await residentMiB(few.pid), await residentMiB(full.pid)];
    rows.push(
      row({ ...flat, what: `${what}, 10,000 workloads`, against: "10", ours: values.full }),
      row({ ...flat, what: `${what}, 100 tenants`, against: "none", ours: values.shared }),
      atMost(2, {
        ...{ what: "memory per workload", unit: "KiB" },
        ours: [Math.max(0, grown - base) * 1024 / many],
      }),
      await audiences(rounds),
    );
    return rows;
  },
};

async function audiences(rounds: number): Promise<Row> {
  const names = Array.from({ length: 1_000 }, (_, index) => `https://api-${index}.example`);
  using client = createIdTokenClient({ source: (audience) => sampleJwt(audience) });
  using single = createIdTokenClient({ source: (audience) => sampleJwt(audience) });
  const hits = async (from: typeof client, count: number) => {
    const start = performance.now();
    for (let call = 0; call < 100_000; call++) await from.getIdToken(names[call % count]!);
    return (performance.now() - start) / 100_000 * 1e6;
  };
  const values = await interleave({
    many: () => hits(client, names.length),
    one: () => hits(single, 1),
  }, { rounds });
  return row({
    ...{ what: "cached getIdToken, 1,000 audiences", unit: "ns", ours: values.many },
    ...{ against: "one audience", limit: values.one, goal: { atMost: 1.1 } },
  });
}
