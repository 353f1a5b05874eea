/** A measurement at a time. */
export interface Sample {
  /** Minutes since the start. */
  readonly at: number;
  /** MiB. */
  readonly value: number;
}

/** What became of a figure after the warm-up. */
export interface Verdict {
  readonly isFlat: boolean;
  /** Median after the warm-up, MiB. */
  readonly median: number;
  /** Theil–Sen slope, MiB per hour. */
  readonly perHour: number;
  /** By how much of its median the figure grew from warm-up to end, along the slope. */
  readonly growth: number;
}

/** The part of the time that is warm-up: caches fill, code is compiled, heaps find their size. */
export const warmUp = 1 / 3;

/** Growth over the time watched that still counts as flat: below it lies the noise of an allocator. */
export const allowedGrowth = 0.1;

/**
 * Whether a figure stayed flat after the warm-up. The slope is the median of the slopes between all
 * pairs of samples, which up to 29 % of outliers cannot move; falling is flat too.
 */
export function judge(samples: readonly Sample[]): Verdict {
  const last = samples.at(-1)?.at ?? 0;
  const steady = samples.filter(({ at }) => at >= last * warmUp);
  if (steady.length < 3) throw new TypeError("Cannot judge: too few samples after the warm-up");
  const perMinute = slopeOf(steady);
  const level = median(steady.map(({ value }) => value));
  const growth = perMinute * (last - steady[0]!.at) / level;
  return { isFlat: growth <= allowedGrowth, median: level, perHour: perMinute * 60, growth };
}

function slopeOf(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((later, index) =>
    samples.slice(0, index).map((earlier) =>
      (later.value - earlier.value) / (later.at - earlier.at)
    )
  );
  return median(slopes);
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
