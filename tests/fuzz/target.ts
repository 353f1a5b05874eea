import { AssertionError } from "@std/assert";
import type { Random } from "./random.ts";
import { countWork, mostWork } from "./work.ts";

/** One parser with what must hold of it. */
export interface Target {
  readonly name: string;
  /** How many cases the tests try. */
  readonly cases: number;
  /** Makes one case and tries it; throws what is wrong. */
  run(random: Random): void | Promise<void>;
}

/** Fails with what was given, so that a failure explains itself. */
export function ensure(holds: boolean, message: string, given?: unknown): asserts holds {
  if (holds) return;
  const shown = given === undefined ? "" : `: ${JSON.stringify(given)?.slice(0, 2_000)}`;
  throw new AssertionError(message + shown);
}

/** What a parser made of an input: a value, or the documented error. */
export type Outcome<T> = { readonly value: T } | { readonly error: Error };

/** Runs a parser with a bound on its work; any error but the documented one fails. */
export function attempt<T>(
  { input, length, parse, errors }: {
    input: unknown;
    length: number;
    parse: () => T;
    errors: readonly (new (...args: never[]) => Error)[];
  },
): Outcome<T> {
  const { work, result } = countWork(parse);
  ensure(work <= mostWork(length), `work of ${work} for ${length} characters`, input);
  try {
    return { value: result() };
  } catch (error) {
    const known = errors.some((kind) => error instanceof kind);
    ensure(known, `threw ${error instanceof Error ? error.stack : error} for`, input);
    return { error: error as Error };
  }
}
