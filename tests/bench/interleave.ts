import { median } from "./statistics.ts";

/** Takes one value. */
export type Measure = () => Promise<number> | number;

/**
 * Takes each measure once per round, in turns that reverse from round to round, so that a slow drift
 * of the machine falls on all of them alike. The first turn warms up and does not count.
 */
export async function interleave<Name extends string>(
  measures: Readonly<Record<Name, Measure>>,
  { rounds, warmUp = true }: { rounds: number; warmUp?: boolean },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  if (warmUp) { for (const name of names) await measures[name](); }
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      values[name]!.push(await measures[name]());
    }
  }
  return values as Record<Name, number[]>;
}

/**
 * Times calls that take well below a millisecond, in µs: in each round they take turns one by one,
 * which first is drawn anew, and the median counts. What the machine does for a while falls on all.
 */
export async function interleaveCalls<Name extends string>(
  calls: Readonly<Record<Name, () => Promise<unknown>>>,
  { rounds, samples }: { rounds: number; samples: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(calls) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
    for (let sample = 0; sample < samples; sample++) {
      for (const name of Math.random() < 0.5 ? names : names.toReversed()) {
        const start = performance.now();
        await calls[name]();
        times[name]!.push((performance.now() - start) * 1000);
      }
    }
    // The first round warms up.
    if (round >= 0) { for (const name of names) values[name]!.push(median(times[name]!)); }
  }
  return values as Record<Name, number[]>;
}
