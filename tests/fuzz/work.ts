/**
 * How much a synchronous parser did with its texts, counted and not timed: characters that string
 * methods and regular expressions went over, plus one per call. A parser whose work grows with the
 * square of its input shows at a few thousand characters, on any machine.
 */
export function countWork<T>(run: () => T): { readonly work: number; readonly result: () => T } {
  let work = 0;
  const undo: (() => void)[] = [];
  for (const [prototype, name, cost] of counted) {
    const original = prototype[name] as Method;
    undo.push(() => prototype[name] = original);
    prototype[name] = function (this: unknown, ...args: unknown[]) {
      // Where a global or sticky expression goes on from.
      const from = this instanceof RegExp && (this.global || this.sticky) ? this.lastIndex : 0;
      const result = original.apply(this, args);
      work += 1 + cost(this, args, result, from);
      return result;
    };
  }
  let result: () => T;
  try {
    const value = run();
    result = () => value;
  } catch (error) {
    result = () => {
      throw error;
    };
  } finally {
    for (const each of undo) each();
  }
  return { work, result };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Cost = (self: unknown, args: readonly unknown[], result: unknown, from: number) => number;

const lengthOf = (value: unknown) => String(value).length;
const whole: Cost = (self) => lengthOf(self);
const made: Cost = (_, __, result) => lengthOf(result);
const gone: Cost = (self, [, from = 0], result) =>
  (Number(result) < 0 ? lengthOf(self) : Number(result)) - Number(from);
const matched: Cost = (self, [text], result, from) => {
  const { sticky } = self as RegExp, match = result as RegExpExecArray | null;
  if (match === null) return sticky ? 1 : lengthOf(text) - from;
  return (sticky ? 0 : match.index - from) + lengthOf(match[0]);
};

const strings = String.prototype as unknown as Record<string, unknown>;
const counted: readonly (readonly [Record<string, unknown>, string, Cost])[] = [
  ...["charCodeAt", "codePointAt", "charAt"].map((name) => [strings, name, () => 0] as const),
  ...["slice", "substring", "repeat", "padStart"].map((name) => [strings, name, made] as const),
  ...["split", "replaceAll", "replace", "toLowerCase", "trim", "matchAll", "isWellFormed"]
    .map((name) => [strings, name, whole] as const),
  ...["indexOf", "includes"].map((name) =>
    [strings, name, name === "indexOf" ? gone : whole] as const
  ),
  [RegExp.prototype as unknown as Record<string, unknown>, "exec", matched],
];

/** The most work that counts as linear: what one pass in several layers needs, with room. */
export function mostWork(inputLength: number): number {
  return 60 * inputLength + 5_000;
}
