import type { Check, CheckStatus } from "../../doctor/check.ts";
import type { DoctorReport } from "../../doctor/run_doctor.ts";
import { printable, type Style } from "../style.ts";
import type { Symbols } from "../symbols.ts";
import { wrapText } from "../table.ts";

/** How a report is laid out. */
export interface ReportLayout {
  /** Columns to fill. */
  readonly width: number;
  readonly style: Style;
  readonly symbols: Symbols;
}

const TITLES: Readonly<Record<string, string>> = {
  issuer: "Issuer",
  aws: "AWS",
  gcp: "Google Cloud",
  azure: "Azure",
  vault: "Vault",
  kubernetes: "Kubernetes",
};

const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok",
  warn: "warn",
  fail: "FAIL",
  skip: "skip",
};

/** Mark, word and title take this many columns. */
const TITLE = 30;
const INDENT = 2 + 2 + 6 + TITLE;

/** A report for people, in the order of the checks, with what to do below each fault. */
export function formatReport(report: DoctorReport, layout: ReportLayout): string[] {
  const groups = Map.groupBy(report.checks, ({ id }) => id.split(".")[0]!);
  return [
    ...[...groups].flatMap(([name, checks]) => [
      layout.style.bold(TITLES[name] ?? name),
      ...checks.flatMap((check) => formatCheck(check, layout)),
      "",
    ]),
    formatCount(report.checks, layout.style),
  ];
}

function formatCheck(check: Check, { width, style, symbols }: ReportLayout): string[] {
  const paint = paintOf(check.status, style);
  const mark = `${symbols[check.status]} ${WORDS[check.status].padEnd(6)}`;
  const head = `  ${paint(mark)}${check.title.padEnd(TITLE)}`;
  const rows = besideTitle(check, { head, width });
  if (check.status === "ok") return rows;
  if (check.status === "skip") return rows.map(style.dim);
  return [
    ...rows,
    ...labelled("want", check.expected, width),
    ...labelled("fix", check.remedy, width),
  ];
}

/** What was found stands beside the title where it fits in one line, else below it, whole. */
function besideTitle(
  { title, found }: Check,
  { head, width }: { readonly head: string; readonly width: number },
): string[] {
  const text = printable(found);
  if (title.length < TITLE && text.length <= width - INDENT) return [`${head}${text}`.trimEnd()];
  return [head.trimEnd(), ...labelled("", text, width)];
}

function labelled(label: string, text: string, width: number): string[] {
  if (text === "") return [];
  const indent = label === "" ? 10 : 16;
  return wrapText(printable(text), Math.max(20, width - indent)).map((line, i) =>
    (i === 0 && label !== "" ? `${" ".repeat(10)}${label}:` : "").padEnd(indent) + line
  );
}

function paintOf(status: CheckStatus, style: Style): (text: string) => string {
  return { ok: style.green, warn: style.yellow, fail: style.red, skip: style.dim }[status];
}

function formatCount(checks: readonly Check[], style: Style): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const parts = [
    ["failed", count("fail"), style.red],
    ["to improve", count("warn"), style.yellow],
    ["in order", count("ok"), style.green],
    ["not judged", count("skip"), style.dim],
  ] as const;
  return parts.filter(([, number]) => number > 0)
    .map(([text, number, paint]) => paint(`${number} ${text}`)).join(", ");
}
