/** A module of functions that browsers get; they may use only each other. */
export type BrowserModule = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * A script from the functions' own source text: text imports are behind a flag on Deno 2.5 and JSR,
 * while this keeps the scripts real modules that are formatted, linted and tested like any other.
 */
export function scriptOf(modules: readonly BrowserModule[], start: string): string {
  const functions = modules.flatMap((module) => Object.values(module));
  return `${functions.map(String).join("\n\n")}\n\n${start}();\n`;
}
