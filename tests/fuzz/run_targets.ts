import { createRandom } from "./random.ts";
import type { Target } from "./target.ts";

/** A case that failed, and how to see it again. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";

  constructor(target: Target, { seed, cause }: { seed: number; cause: unknown }) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `${target.name} fails; again with: deno task fuzz --only ${target.name} --seed ${seed}\n${why}`,
      {
        cause,
      },
    );
  }
}

/** Tries the case of a seed. */
export async function runCase(target: Target, seed: number): Promise<void> {
  try {
    await target.run(createRandom(seed));
  } catch (cause) {
    throw new FuzzFailure(target, { seed, cause });
  }
}

/** Tries `count` cases, the first of them that of `seed`. */
export async function runCases(
  target: Target,
  { seed, count }: { seed: number; count: number },
): Promise<void> {
  for (let index = 0; index < count; index++) await runCase(target, seed + index);
}
