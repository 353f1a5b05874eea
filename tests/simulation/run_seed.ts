import { type Configuration, configurationOf } from "./configurations.ts";
import { InvariantError } from "./oracle.ts";
import { virtualRuntime } from "./virtual_runtime.ts";
import { type Sabotage, World } from "./world.ts";

/** Options of {@link runSeed}. */
export interface RunSeedOptions {
  readonly configuration: Configuration | string;
  readonly seed: number;
  /** How many events its story has. Default 150. */
  readonly events?: number;
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
}

/** A seed that broke an invariant; the message says how to see it again. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly seed: number;
  constructor(seed: number, configuration: string, cause: Error) {
    super(
      `${cause.message} [configuration ${configuration}, seed ${seed}; replay it with: ` +
        `deno task simulate --configuration ${configuration} --seed ${seed}]`,
      { cause },
    );
    this.seed = seed;
  }
}

/** Lives through one seed; the same seed is the same story. Throws {@link SimulationError}. */
export async function runSeed(options: RunSeedOptions): Promise<SeedResult> {
  const { seed, events = 150, sabotage, onLine } = options;
  const configuration = typeof options.configuration === "string"
    ? configurationOf(options.configuration)
    : options.configuration;
  const world = new World({ configuration, seed, sabotage, onLine });
  const restore = virtualRuntime(world.scheduler);
  try {
    await world.run(events);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    throw new SimulationError(seed, configuration.name, error);
  } finally {
    restore();
  }
  const { oracle: { tokens, keys }, scheduler: { steps }, elapsed } = world;
  return { elapsed, steps, tokens, keys: keys.size };
}
