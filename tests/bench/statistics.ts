/** What a ratio is held against. */
export type Goal =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  /** Printed for comparison only. */
  | "shown";

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new TypeError("Cannot take the median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the ratios round by round: what slows one round down slows both of its sides. */
export function ratio(ours: readonly number[], limit: readonly number[]): number {
  if (ours.length !== limit.length) throw new TypeError("Cannot pair rounds of unequal number");
  return median(ours.map((value, round) => value === 0 ? 0 : value / limit[round]!));
}

/** Whether a ratio meets its goal; what is shown only has nothing to meet. */
export function isMet(value: number, goal: Goal): boolean {
  if (goal === "shown") return true;
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}
