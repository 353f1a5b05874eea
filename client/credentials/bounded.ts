/** `value` when it is an integer within its bounds. */
export function bounded(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(
    `Cannot use ${name}: must be an integer from ${least} to ${most}, got ${value}`,
  );
}
