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
