import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { DAY } from "../keys/support.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { PLANTED_BUGS } from "./planted_bugs.ts";
import { CACHE_POLICIES } from "./relying_party.ts";
import { runSeed, type RunSeedOptions, SimulationError } from "./run_seed.ts";
import { addUp, type BatchResult, runSeeds } from "./run_seeds.ts";
import { ADMIN_ACTS, FAULTS, Tally } from "./tally.ts";

/** Seeds of each configuration; `deno task simulate` runs more than a hundred times as many. */
const SEEDS = 8;
/** Each bug shows within far fewer. */
const MOST_SEEDS = 30;

const batches = new Map<string, Promise<BatchResult>>();

/** The fixed set, lived through once. */
function batchOf(configuration: string): Promise<BatchResult> {
  const batch = batches.get(configuration) ?? runSeeds({ configuration, from: 1, count: SEEDS });
  batches.set(configuration, batch);
  return batch;
}

for (const { name } of CONFIGURATIONS) {
  Deno.test(`createKeyring keeps every promise in the simulation, ${name}`, async () => {
    const { failures, elapsed, tokens } = await batchOf(name);
    assertEquals(failures, []);
    assert(elapsed > 30 * DAY && tokens > 300, "the simulation must have something to say");
  });
}

Deno.test("runSeeds meets every fault, every act and every relying party in the fixed set", async () => {
  const results: BatchResult[] = [];
  for (const { name } of CONFIGURATIONS) results.push(await batchOf(name));
  const { counts } = addUp(results);
  const tally = new Tally();
  tally.add(counts);
  assertEquals(tally.missing([...FAULTS, ...ADMIN_ACTS]), []);
  const takes = CACHE_POLICIES.map(({ name }) => `${name} must take a token`);
  assertEquals(tally.missing(takes), []);
  // Where a policy has no end, a removed key is trusted until a restart: nothing can be promised.
  const ending = CACHE_POLICIES.filter(({ keep }) => keep !== Infinity);
  const refuses = ending.map(({ name }) => `${name} must refuse a compromised key`);
  assertEquals(tally.missing(refuses), []);
});

for (const bug of PLANTED_BUGS) {
  Deno.test(`runSeed finds ${bug.name}`, async () => {
    const found: string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS; seed++) {
      const error = await failureOf({ ...bug, seed });
      if (error !== undefined) found.push(error.message);
      if (error !== undefined && bug.finding.test(error.message)) return;
    }
    assertMatch(found.join("\n"), bug.finding);
  });
}

Deno.test("runSeed says how to replay a failure, and the replay fails in the same way", async () => {
  const [bug] = PLANTED_BUGS;
  const seed = 3;
  const error = await failureOf({ ...bug!, seed });
  const again = await failureOf({ ...bug!, seed });
  assertEquals(again!.message, error!.message);
  const command = `deno task simulate --seed 3 --configuration default --planted-bug ${bug!.id}`;
  assertEquals(error!.replay, command);
  const program = new URL("./main.ts", import.meta.url).href;
  const lock = new URL("../deno.lock", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--lock=${lock}`, program, ...command.split(" ").slice(3)],
  }).output();
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), error!.message);
});

Deno.test("runSeed tells the same story for the same seed, and another for another", async () => {
  const story = async (configuration: string, seed: number) => {
    const lines: string[] = [];
    await runSeed({ configuration, seed, events: 60, onLine: (line) => lines.push(line) });
    return lines.join("\n");
  };
  for (const configuration of ["default", "issuer"]) {
    const first = await story(configuration, 7);
    assertEquals(await story(configuration, 7), first);
    assertNotEquals(await story(configuration, 8), first);
  }
});

Deno.test("runSeed gives the runtime back as it was", async () => {
  const before = [setTimeout, clearTimeout, Date.now, Math.random, crypto.subtle.encrypt];
  await runSeed({ configuration: "default", seed: 1, events: 5 });
  const after = [setTimeout, clearTimeout, Date.now, Math.random, crypto.subtle.encrypt];
  assertEquals(after.map((each, index) => each === before[index]), after.map(() => true));
});

async function failureOf(options: RunSeedOptions): Promise<SimulationError | undefined> {
  try {
    await runSeed(options);
  } catch (error) {
    if (error instanceof SimulationError) return error;
    throw error;
  }
}
