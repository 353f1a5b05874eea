import { type Raw, raw, shellQuote } from "./quote.ts";

/** Parts of a setup script. */
export interface ScriptParts {
  /** First comment line. */
  readonly title: string;
  /** What will exist afterwards; becomes comments. */
  readonly plan: readonly string[];
  /** Variables, assigned quoted at the top: the only place where input stands in the script. */
  readonly variables: Readonly<Record<string, string>>;
  /** Commands; refer to input only through the variables. */
  readonly body: string;
}

const STOP = `stop() {
  printf '%s\\n' "$*" >&2
  exit 1
}`;

/** `exists` tells "not there" from every other failure, so that a lost login never looks like "not there". */
const EXISTS = `errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# exists TEXT COMMAND...: true when COMMAND finds it (its output is in $found),
# false when the error holds TEXT; any other error stops the script.
exists() {
  local absent="$1"
  shift
  if found=$("$@" 2>"$errors"); then return 0; fi
  if grep -q -F -e "$absent" "$errors"; then return 1; fi
  cat "$errors" >&2
  stop "Cannot go on: $1 answered with the error above."
}`;

/** Put a script together. */
export function script(parts: ScriptParts): string {
  const plan = parts.plan.flatMap((line) => comment(line, "# - "));
  const assignments = Object.entries(parts.variables).map(([name, value]) =>
    `${name}=${shellQuote(value)}`
  );
  return [
    "#!/usr/bin/env bash",
    ...comment(parts.title, "# "),
    ...plan,
    "# Save it and run it with bash. A second run changes nothing.",
    "set -euo pipefail",
    ...section(assignments.join("\n")),
    ...section(/\bstop\b|\bexists\b/.test(parts.body) ? STOP : ""),
    ...section(/\bexists\b/.test(parts.body) ? EXISTS : ""),
    ...section(parts.body.trim()),
    "",
  ].join("\n");
}

/** A comment of at most 80 columns; a longer word stays whole. */
function comment(text: string, start: string): string[] {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(" ")) {
    const isFirst = line.endsWith(" ");
    if (!isFirst && line.length + 1 + word.length > 80) {
      lines.push(line);
      line = `#${" ".repeat(start.length - 1)}${word}`;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

function section(text: string): string[] {
  return text === "" ? [] : ["", text];
}

/** A heredoc whose text reaches the command byte for byte. */
export function heredoc(text: string, delimiter: string): Raw {
  if (text.split("\n").includes(delimiter)) {
    throw new TypeError(`Cannot write a heredoc: the text holds the line ${delimiter}`);
  }
  return raw(`<<'${delimiter}'\n${text.replace(/\n$/, "")}\n${delimiter}`);
}

/** Indented JSON with a final newline. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
