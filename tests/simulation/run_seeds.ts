import { runSeed, SimulationError } from "./run_seed.ts";
import { Tally } from "./tally.ts";

/** A range of seeds of one configuration. */
export interface Batch {
  readonly configuration: string;
  readonly from: number;
  readonly count: number;
}

/** What a batch came to; it goes from a worker to the main thread. */
export interface BatchResult {
  readonly seeds: number;
  /** Simulated time, in ms. */
  readonly elapsed: number;
  readonly steps: number;
  readonly tokens: number;
  readonly keys: number;
  readonly counts: readonly (readonly [string, number])[];
  /** What broke, and how to see it again. */
  readonly failures: readonly string[];
}

/** Lives through a batch of seeds, those that fail included. */
export async function runSeeds({ configuration, from, count }: Batch): Promise<BatchResult> {
  const tally = new Tally();
  const failures: string[] = [];
  const sum = { elapsed: 0, steps: 0, tokens: 0, keys: 0 };
  for (let seed = from; seed < from + count; seed++) {
    try {
      const result = await runSeed({ configuration, seed });
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += result[name];
      tally.add(result.counts);
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      failures.push(error.message);
    }
  }
  return { seeds: count, ...sum, counts: [...tally.counts], failures };
}

/** Adds up what batches came to. */
export function addUp(results: readonly BatchResult[]): BatchResult {
  const tally = new Tally();
  for (const { counts } of results) tally.add(counts);
  const total = (name: "seeds" | "elapsed" | "steps" | "tokens" | "keys") =>
    results.reduce((sum, result) => sum + result[name], 0);
  return {
    ...{ seeds: total("seeds"), elapsed: total("elapsed"), steps: total("steps") },
    ...{ tokens: total("tokens"), keys: total("keys") },
    counts: [...tally.counts],
    failures: results.flatMap(({ failures }) => failures),
  };
}
