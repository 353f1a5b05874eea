/** `deno task fuzz`: hostile inputs for every parser, sixty seconds or `--seconds N`. */
import { parseArguments } from "./parse_arguments.ts";
import { type FuzzFailure, runCase } from "./run_targets.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets.ts";

const names = TARGETS.map(({ name }) => name);

/** Tells the watchdog of each case; a case that blocks this thread cannot do so itself. */
function startWatchdog(): { readonly beat: Uint32Array; stop(): void } {
  const buffer = new SharedArrayBuffer(12);
  const worker = new Worker(new URL("./watchdog.ts", import.meta.url), { type: "module" });
  worker.postMessage({ beat: buffer, names });
  return { beat: new Uint32Array(buffer), stop: () => worker.terminate() };
}

async function fuzz(
  targets: readonly Target[],
  { seed, seconds }: { seed: number; seconds: number },
): Promise<boolean> {
  const counts = new Map(targets.map(({ name }) => [name, 0]));
  const watchdog = startWatchdog(), failures: string[] = [];
  const ends = performance.now() + seconds * 1000;
  const left = new Set(targets);
  for (let turn = 0; turn === 0 || (performance.now() < ends && left.size > 0); turn++) {
    for (const target of left) {
      const current = (seed + turn) >>> 0;
      watchdog.beat.set([watchdog.beat[0]! + 1, names.indexOf(target.name), current]);
      counts.set(target.name, counts.get(target.name)! + 1);
      await runCase(target, current).catch((error: FuzzFailure) => {
        failures.push(error.message);
        console.log(error.message);
        // The others go on; this one would find the same again.
        left.delete(target);
      });
    }
  }
  watchdog.stop();
  console.log(`seed ${seed}: ${[...counts].map(([name, count]) => `${name} ${count}`).join(", ")}`);
  console.log(failures.length === 0 ? "no case failed" : `${failures.length} failed`);
  return failures.length === 0;
}

if (import.meta.main) {
  const anySeed = () => crypto.getRandomValues(new Uint32Array(1))[0]!;
  const { only, ...scale } = parseArguments(Deno.args, { names, anySeed });
  const chosen = TARGETS.filter(({ name }) => only.length === 0 || only.includes(name));
  Deno.exit(await fuzz(chosen, scale) ? 0 : 1);
}
