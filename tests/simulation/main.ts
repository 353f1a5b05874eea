import { parseArgs } from "node:util";
import { DAY } from "../keys/support.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { plantedBug } from "./planted_bugs.ts";
import { runSeed } from "./run_seed.ts";
import { addUp, type Batch, type BatchResult } from "./run_seeds.ts";
import { ADMIN_ACTS, FAULTS, Tally } from "./tally.ts";

/** Seeds of each configuration: more than ten thousand together. */
const DEFAULT_SEEDS = "1050";
const BATCH = 50;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    configuration: { type: "string" },
    "planted-bug": { type: "string" },
    seeds: { type: "string", default: DEFAULT_SEEDS },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
  },
});
const names = values.configuration?.split(",") ?? CONFIGURATIONS.map(({ name }) => name);

if (values.seed !== undefined) await replay(names[0]!, Number(values.seed));
else await simulate();

/** Tells one seed's story line by line. */
async function replay(configuration: string, seed: number): Promise<void> {
  const id = values["planted-bug"];
  const bug = id === undefined ? {} : plantedBug(id);
  try {
    const { elapsed } = await runSeed({ ...bug, configuration, seed, onLine: console.log });
    console.log(`seed ${seed} of ${configuration}: every promise kept for ${days(elapsed)} days`);
  } catch (error) {
    console.error(String(error));
    Deno.exit(1);
  }
}

async function simulate(): Promise<void> {
  const begin = performance.now();
  const workers = Array.from({ length: Number(values.workers) }, startWorker);
  const all: BatchResult[] = [];
  for (const configuration of names) {
    const queue = batches(configuration);
    const results = await Promise.all(workers.map((worker) => drain(worker, queue)));
    all.push(addUp(results.flat()));
    report(configuration, { result: all.at(-1)!, begin });
  }
  for (const worker of workers) worker.terminate();
  const result = addUp(all);
  report("all", { result, begin });
  reportCounts(result);
  if (result.failures.length > 0) Deno.exit(1);
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

function batches(configuration: string): Batch[] {
  const [first, count] = [Number(values.from), Number(values.seeds)];
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, index) => {
    const from = first + index * BATCH;
    return { configuration, from, count: Math.min(BATCH, first + count - from) };
  });
}

async function drain(worker: Worker, queue: Batch[]): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    results.push(await inWorker(worker, batch));
  }
  return results;
}

function inWorker(worker: Worker, batch: Batch): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      for (const failure of data.failures) console.error(failure);
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(batch);
  });
}

function report(
  name: string,
  { result, begin }: { result: BatchResult; begin: number },
): void {
  const { seeds, failures, elapsed, tokens, keys, steps } = result;
  const seconds = Math.round((performance.now() - begin) / 1_000);
  console.log(
    `${name}: ${seeds} seeds, ${failures.length} failed, ${days(elapsed)} days, ` +
      `${tokens} tokens, ${keys} keys, ${steps} steps; ${seconds} s since the start`,
  );
}

function reportCounts({ counts }: BatchResult): void {
  for (const [name, times] of [...counts].sort()) console.log(`${times} × ${name}`);
  const tally = new Tally();
  tally.add(counts);
  const missing = tally.missing([...FAULTS, ...ADMIN_ACTS]);
  if (missing.length > 0) console.log(`It never happened: ${missing.join(", ")}`);
}

function days(ms: number): number {
  return Math.round(ms / DAY);
}
