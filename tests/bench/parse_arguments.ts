import type { Scale } from "./part.ts";

/** What the command line asks for. */
export interface BenchArguments {
  /** Names of parts; empty: all. */
  readonly only: readonly string[];
  readonly scale: Scale;
}

// Short and many: what the machine does for a while then falls on both sides of a comparison.
const full: Scale = { rounds: 9, seconds: 1, floodSeconds: 600, samples: 200 };
const quick: Scale = { rounds: 3, seconds: 1, floodSeconds: 20, samples: 60 };
/** For the bench's own tests: shows that a part runs, not how fast. */
const tiny: Scale = { rounds: 1, seconds: 0.1, floodSeconds: 1, samples: 2 };

/** Reads the command line; throws TypeError with what is wrong. */
export function parseArguments(args: readonly string[], names: readonly string[]): BenchArguments {
  const only: string[] = [];
  let scale = full;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--quick") scale = quick;
    else if (arg === "--tiny") scale = tiny;
    else if (arg === "--only") only.push(nameFrom(rest.shift(), names));
    else if (arg === "--flood") scale = { ...scale, floodSeconds: secondsFrom(rest.shift()) };
    else {throw new TypeError(
        `Cannot read ${arg}: use --only NAME, --quick, --tiny, --flood SECONDS`,
      );}
  }
  return { only, scale };
}

function nameFrom(name: string | undefined, names: readonly string[]): string {
  if (name !== undefined && names.includes(name)) return name;
  throw new TypeError(`Cannot run "${name ?? ""}": the parts are ${names.join(", ")}`);
}

function secondsFrom(text: string | undefined): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new TypeError("Cannot read --flood: give seconds above 0");
}
