/** What the command line asks for. */
export interface FuzzArguments {
  /** Names of targets; empty: all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** 0: only the case of the seed. */
  readonly seconds: number;
}

/** Reads the command line; throws TypeError with what is wrong. */
export function parseArguments(
  args: readonly string[],
  { names, anySeed }: { names: readonly string[]; anySeed: () => number },
): FuzzArguments {
  const only: string[] = [], rest = [...args];
  let seed: number | undefined, seconds: number | undefined;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const value = rest.shift();
    if (arg === "--seed") seed = numberFrom(arg, value);
    else if (arg === "--seconds") seconds = numberFrom(arg, value);
    else if (arg === "--only" && names.includes(value ?? "")) only.push(value!);
    else if (arg === "--only") throw new TypeError(`Cannot find ${value}: use ${names.join(", ")}`);
    else throw new TypeError(`Cannot read ${arg}: use --seed N, --seconds N, --only NAME`);
  }
  // A seed alone is how a failure is seen again.
  return { only, seed: seed ?? anySeed(), seconds: seconds ?? (seed === undefined ? 60 : 0) };
}

function numberFrom(name: string, text: string | undefined): number {
  if (/^\d{1,10}$/.test(text ?? "")) return Number(text);
  throw new TypeError(`Cannot read ${name}: give a whole number`);
}
