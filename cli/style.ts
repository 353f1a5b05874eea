/** Paints text for a terminal, or leaves it alone. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Makes a {@linkcode Style}; with `enabled` false every function returns its text unchanged. */
export function createStyle(enabled: boolean): Style {
  const paint = (name: keyof typeof CODES) => (text: string): string =>
    enabled ? `\x1b[${CODES[name][0]}m${text}\x1b[${CODES[name][1]}m` : text;
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    green: paint("green"),
    yellow: paint("yellow"),
    cyan: paint("cyan"),
  };
}

/** Whether to paint: a terminal, no `NO_COLOR` (https://no-color.org), not a dumb one. */
export function wantsColor(
  isTerminal: boolean,
  env: (name: string) => string | undefined,
): boolean {
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}

// deno-lint-ignore no-control-regex -- the escape character is what is looked for
const ESCAPES = /\x1b\[[0-9;]*m/g;

/** The number of columns a text takes, without its color codes. */
export function visibleLength(text: string): number {
  return [...text.replace(ESCAPES, "")].length;
}

// deno-lint-ignore no-control-regex -- control characters are what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text from elsewhere made safe to print: nothing in it can move the cursor or paint. */
export function printable(text: string): string {
  return text.replace(CONTROLS, "\ufffd");
}
