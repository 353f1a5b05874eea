/** A function that is loaded at its first call, once: what a first token does not need waits until then. */
export function lazily<Args extends readonly unknown[], Result>(
  load: () => Promise<(...args: Args) => Promise<Result>>,
): (...args: Args) => Promise<Result> {
  let loading: ReturnType<typeof load> | undefined;
  return async (...args) => await (await (loading ??= load()))(...args);
}
