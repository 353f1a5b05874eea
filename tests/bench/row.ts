import { type Goal, isMet, median, ratio } from "./statistics.ts";

/** One comparison as it was measured. */
export interface Comparison {
  readonly what: string;
  /** Of both sides, like `/s` or `µs`. */
  readonly unit: string;
  /** One value per round, or one value that was counted. */
  readonly ours: readonly number[];
  /** What the other side is. */
  readonly against: string;
  /** As many values as ours. */
  readonly limit: readonly number[];
  /** Held against the ratio ours ÷ limit. */
  readonly goal: Goal;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly against: string;
  readonly limit: number;
  readonly ratio: number;
  readonly goal: Goal;
  readonly met: boolean;
}

/** Sums up a comparison. */
export function row({ ours, limit, ...comparison }: Comparison): Row {
  const value = ratio(ours, limit);
  return {
    ...comparison,
    ours: median(ours),
    limit: median(limit),
    ratio: value,
    met: isMet(value, comparison.goal),
  };
}

/** A comparison with a fixed limit that ours must not exceed. */
export function atMost(
  limit: number,
  measured: Pick<Comparison, "what" | "unit" | "ours"> & { against?: string },
): Row {
  const { against = "fixed", ours, ...rest } = measured;
  return row({ ...rest, against, ours, limit: ours.map(() => limit), goal: { atMost: 1 } });
}
