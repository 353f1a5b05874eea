import type { Row } from "./row.ts";
import type { Goal } from "./statistics.ts";

const head = ["what", "ours", "limit or peer", "ratio", "goal", "met"];

/** Rows as one Markdown table, aligned for the terminal. */
export function table(rows: readonly Row[]): string {
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const format = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [format(lines[0]!), rule, ...lines.slice(1).map(format)].join("\n");
}

/** One row as a line, for those who watch. */
export function line(row: Row): string {
  const [what, ours, limit, ratio, goal, met] = cells(row);
  return `  ${what}: ${ours} to ${limit}: ${[ratio, goal, met].join(" ").trimEnd()}`;
}

function cells({ what, unit, ours, against, limit, ratio, goal, met }: Row): string[] {
  return [
    what,
    amount(ours, unit),
    `${amount(limit, unit)} ${against}`,
    digits(ratio),
    goalText(goal),
    goal === "shown" ? "" : met ? "yes" : "NO",
  ];
}

function amount(value: number, unit: string): string {
  return unit.startsWith("/") ? digits(value) + unit : `${digits(value)} ${unit}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  return value.toLocaleString("en-US", {
    maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3,
  });
}

function goalText(goal: Goal): string {
  if (goal === "shown") return "";
  return "atLeast" in goal ? `≥ ${digits(goal.atLeast)}` : `≤ ${digits(goal.atMost)}`;
}
