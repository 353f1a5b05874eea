import type { CliHost } from "./io.ts";
import type { CliError } from "./errors.ts";
import { createStyle, printable, type Style, wantsColor } from "./style.ts";
import { formatTable, type TableOptions, wrapText } from "./table.ts";

const DEFAULT_COLUMNS = 80;

/** Prints for people and for machines; results go to stdout, remarks and errors to stderr. */
export interface Output {
  /** Paints for stdout. */
  readonly style: Style;
  /** Columns to fill; `Infinity` where nobody looks, so that a row stays one line. */
  readonly width: number;
  /** A line of the result. */
  line(text?: string): void;
  /** A remark beside the result: progress, a hint, a warning. Never a secret. */
  note(text?: string): void;
  /** The result for machines: one JSON document. */
  json(value: unknown): void;
  /** Rows under titles. */
  table(table: Pick<TableOptions, "head" | "rows">): void;
  /** Names and values below each other. */
  fields(pairs: readonly (readonly [name: string, value: string])[]): void;
  /** An error: what and why, then what to do next. */
  error(error: CliError, format: "text" | "json"): void;
}

/** Makes an {@linkcode Output} for the streams of a host. */
export function createOutput(host: Pick<CliHost, "env" | "stdout" | "stderr">): Output {
  const { stdout, stderr, env } = host;
  const style = createStyle(wantsColor(stdout.isTerminal, env));
  const errorStyle = createStyle(wantsColor(stderr.isTerminal, env));
  const width = stdout.isTerminal ? stdout.columns ?? DEFAULT_COLUMNS : Infinity;
  const line = (text = "") => stdout.write(text + "\n");
  const note = (text = "") => stderr.write(text + "\n");
  return {
    style,
    width,
    line,
    note,
    json: (value) => line(JSON.stringify(value, null, 2)),
    table: ({ head, rows }) =>
      formatTable({ head, rows, width, paintHead: style.bold }).forEach(line),
    fields: (pairs) => formatFields(pairs, { width, style }).forEach(line),
    error: (error, format) =>
      format === "json"
        ? note(JSON.stringify({ error: describeError(error) }))
        : formatError(error, { width: stderr.columns ?? DEFAULT_COLUMNS, style: errorStyle })
          .forEach(note),
  };
}

function formatFields(
  pairs: readonly (readonly [string, string])[],
  { width, style }: { width: number; style: Style },
): string[] {
  const indent = Math.max(...pairs.map(([name]) => name.length)) + 4;
  return pairs.flatMap(([name, value]) =>
    value.split("\n").flatMap((part) => wrapText(printable(part), Math.max(20, width - indent)))
      .map((part, i) =>
        i === 0 ? `  ${style.dim(name.padEnd(indent - 4))}  ${part}` : " ".repeat(indent) + part
      )
  );
}

function formatError(error: CliError, { width, style }: { width: number; style: Style }): string[] {
  const wrap = (text: string, indent: number) =>
    printable(text).split("\n").flatMap((part) => wrapText(part, width - indent))
      .map((part, i) => (i === 0 ? "" : " ".repeat(indent)) + part).join("\n");
  return [
    style.red("error: ") + wrap(error.message, 7),
    ...error.details.map((detail) => "  - " + wrap(detail, 4)),
    ...(error.next === undefined ? [] : [style.cyan("next:  ") + wrap(error.next, 7)]),
  ];
}

function describeError(error: CliError): Record<string, unknown> {
  const { code, message, next, details } = error;
  return { code, message, ...(details.length > 0 && { details }), ...(next && { next }) };
}
