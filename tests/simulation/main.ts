import { parseArgs } from "node:util";
import { DAY } from "../keys/support.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { runSeed } from "./run_seed.ts";

/** Seeds of each configuration: more than ten thousand together. */
const DEFAULT_SEEDS = "1200";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    configuration: { type: "string" },
    seeds: { type: "string", default: DEFAULT_SEEDS },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
  },
});
const names = values.configuration?.split(",") ?? CONFIGURATIONS.map(({ name }) => name);

if (values.seed !== undefined) await replay(names[0]!, Number(values.seed));
else for (const name of names) await simulate(name);

/** Tells one seed's story line by line. */
async function replay(configuration: string, seed: number): Promise<void> {
  const { elapsed } = await runSeed({ configuration, seed, onLine: console.log });
  console.log(`seed ${seed} of ${configuration}: every promise kept for ${days(elapsed)} days`);
}

async function simulate(configuration: string): Promise<void> {
  const [from, count] = [Number(values.from), Number(values.seeds)];
  const begin = performance.now();
  const sum = { elapsed: 0, tokens: 0, keys: 0, steps: 0 };
  for (let done = 1; done <= count; done++) {
    const result = await runSeed({ configuration, seed: from + done - 1 });
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += result[name];
    if (done % 200 !== 0 && done !== count) continue;
    const seconds = Math.round((performance.now() - begin) / 1_000);
    console.log(
      `${configuration}: ${done} of ${count} seeds, ${days(sum.elapsed)} days, ` +
        `${sum.tokens} tokens, ${sum.keys} keys, ${sum.steps} steps in ${seconds} s`,
    );
  }
}

function days(ms: number): number {
  return Math.round(ms / DAY);
}
