import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { DAY } from "../keys/support.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { PLANTED_BUGS } from "./planted_bugs.ts";
import { runSeed, SimulationError } from "./run_seed.ts";

const SEEDS = [1, 2, 3, 4];
/** Each bug shows within far fewer. */
const MOST_SEEDS = 60;

for (const configuration of CONFIGURATIONS) {
  Deno.test(`createKeyring keeps every promise in the simulation, ${configuration.name}`, async () => {
    let elapsed = 0;
    let tokens = 0;
    for (const seed of SEEDS) {
      const result = await runSeed({ configuration, seed });
      elapsed += result.elapsed;
      tokens += result.tokens;
    }
    assert(elapsed > 10 * DAY && tokens > 100, "the simulation must have something to say");
  });
}

for (const bug of PLANTED_BUGS) {
  Deno.test(`runSeed finds ${bug.name}`, async () => {
    const found: string[] = [];
    for (
      let seed = 1;
      seed <= MOST_SEEDS && !found.some((line) => bug.finding.test(line));
      seed++
    ) {
      const error = await runSeed({ ...bug, seed }).then(() => undefined, (error) => error);
      if (error === undefined) continue;
      assert(error instanceof SimulationError, String(error));
      assertMatch(
        error.message,
        new RegExp(`--seed ${seed}\\b`),
        "a failure says how to replay it",
      );
      found.push(error.message);
    }
    assert(found.some((line) => bug.finding.test(line)), found.join("\n") || "it found nothing");
  });
}

Deno.test("runSeed tells the same story for the same seed, and another for another", async () => {
  const story = async (configuration: string, seed: number) => {
    const lines: string[] = [];
    await runSeed({ configuration, seed, onLine: (line) => lines.push(line) });
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
