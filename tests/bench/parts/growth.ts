import { createIdTokenClient } from "../../../client/create_id_token_client.ts";
import { program, runChild } from "../child.ts";
import { firstToken, freePort } from "../first_token.ts";
import { audienceOf, loadTokens, type RunningIssuer, startIssuerProcess } from "../issuer_load.ts";
import { reliableKv } from "../../../kv/reliable_kv.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { plainCache } from "../plain_cache.ts";
import { atMost, type Row, row } from "../row.ts";
import { sampleJwt } from "../sample_jwt.ts";
import { makeWorkloads } from "../workloads.ts";

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
    rows.push(
      row({ ...flat, what: `${what}, 10,000 workloads`, against: "10", ours: values.full }),
      row({ ...flat, what: `${what}, 100 tenants`, against: "none", ours: values.shared }),
      await startUp(rounds),
      atMost(2, {
        ...{ what: "memory per workload", unit: "KiB" },
        ours: [(await heapOf(many) - await heapOf(10)) / 1024 / (many - 10)],
      }),
      ...await audiences(rounds),
    );
    return rows;
  },
};

/** Bytes that an isolate holds when so many workloads have asked it. */
async function heapOf(workloads: number): Promise<number> {
  const options = { args: [String(workloads)], flags: ["--v8-flags=--expose-gc"] };
  return (await runChild<{ bytes: number }>(program("servers/workload_memory.ts"), options)).bytes;
}

/** From process start to the first token, with workloads in the KV and none in the configuration. */
async function startUp(rounds: number): Promise<Row> {
  const folder = await Deno.makeTempDir();
  try {
    const starts = (workloads: number) => startOf(`${folder}/${workloads}.kv`, workloads);
    const values = await interleave({ full: await starts(many), few: await starts(10) }, {
      rounds,
    });
    return row({
      ...{ what: "process start to first token, 10,000 stored", unit: "ms", ours: values.full },
      ...{ against: "10 stored", limit: values.few, goal: { atMost: 1.1 } },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function startOf(path: string, workloads: number): Promise<() => Promise<number>> {
  const url = `http://127.0.0.1:${freePort()}`;
  const { records, tokens } = makeWorkloads(url, workloads);
  using kv = await Deno.openKv(path);
  const store = reliableKv(kv);
  for (let from = 0; from < records.length; from += 100) {
    const sets = records.slice(from, from + 100)
      .map((value) => ({ key: ["signet", "workload", value.workload.id], value }));
    await store.commit({ sets });
  }
  const args = [JSON.stringify({ url, kv: path, workloads: [] })];
  return () => firstToken("servers/stored_issuer.ts", { args, bearer: tokens[0]! });
}

/** A thousand tokens in a client, which outgrow the nearest cache of the processor in any map. */
async function audiences(rounds: number): Promise<Row[]> {
  const names = Array.from({ length: 1_000 }, (_, index) => `https://api-${index}.example`);
  using client = createIdTokenClient({ source: (audience) => sampleJwt(audience) });
  using single = createIdTokenClient({ source: (audience) => sampleJwt(audience) });
  const jwt = sampleJwt(names[0]!);
  const [plain, plainSingle] = [plainCache(names, jwt), plainCache(names.slice(0, 1), jwt)];
  const values = await interleave({
    many: () => hits((name) => client.getIdToken(name), names),
    one: () => hits((name) => single.getIdToken(name), names.slice(0, 1)),
    plain: () => hits(plain, names),
    plainOne: () => hits(plainSingle, names.slice(0, 1)),
  }, { rounds: rounds * 3 });
  const shared = { unit: "ns", against: "one audience" };
  return [
    row({
      ...{ ...shared, what: "cached getIdToken, 1,000 audiences", ours: values.many },
      ...{ limit: values.one, goal: { atMost: 1.1 } },
    }),
    row({
      ...{ ...shared, what: "async function, Map of 1,000", ours: values.plain },
      ...{ limit: values.plainOne, goal: "shown" },
    }),
  ];
}

/** Nanoseconds of a call, the names in turn. */
async function hits(
  get: (name: string) => Promise<string>,
  names: readonly string[],
): Promise<number> {
  const calls = 100_000;
  const start = performance.now();
  for (let call = 0; call < calls; call++) await get(names[call % names.length]!);
  return (performance.now() - start) / calls * 1e6;
}
