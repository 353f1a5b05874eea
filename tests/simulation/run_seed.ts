import type { Sabotage } from "./cluster.ts";
import { type Configuration, configurationOf } from "./configurations.ts";
import { InvariantError } from "./facts.ts";
import { virtualRuntime } from "./virtual_runtime.ts";
import { World } from "./world.ts";

/** Options of {@link runSeed}. */
export interface RunSeedOptions {
  readonly configuration: Configuration | string;
  readonly seed: number;
  /** How many events its story has. Default 150. */
  readonly events?: number;
  /** The id of the bug that is planted, for the line that says how to replay it. */
  readonly id?: string;
  readonly sabotage?: Sabotage;
  readonly onLine?: (line: string) => void;
}

/** What a seed came to. */
export interface SeedResult {
  /** Simulated time, in ms. */
  readonly elapsed: number;
  readonly steps: number;
  readonly tokens: number;
  readonly keys: number;
  /** How often what happened. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A seed that broke an invariant; the message says how to see it again. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  /** The command that replays it. */
  readonly replay: string;
  constructor(replay: string, cause: Error) {
    super(`${cause.message}; see it again by: ${replay}`, { cause });
    this.replay = replay;
  }
}

/** Lives through one seed; the same seed is the same story. Throws {@link SimulationError}. */
export async function runSeed(options: RunSeedOptions): Promise<SeedResult> {
  const { seed, events = 150, id, sabotage, onLine } = options;
  const configuration = typeof options.configuration === "string"
    ? configurationOf(options.configuration)
    : options.configuration;
  const world = new World({ configuration, seed, sabotage, onLine });
  const { scheduler, oracle } = world.cluster;
  const restore = virtualRuntime(scheduler);
  try {
    await world.run(events);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    const bug = id === undefined ? "" : ` --planted-bug ${id}`;
    const name = configuration.name;
    throw new SimulationError(
      `deno task simulate --seed ${seed} --configuration ${name}${bug}`,
      error,
    );
  } finally {
    restore();
  }
  const { tokens, facts: { keys } } = oracle;
  const { steps, tally: { counts } } = scheduler;
  return { elapsed: world.cluster.elapsed, steps, tokens, keys: keys.size, counts };
}
