import { printable, visibleLength } from "./style.ts";

const GAP = "  ";

/** How {@linkcode formatTable} lays out its rows. */
export interface TableOptions {
  /** Column titles. */
  readonly head: readonly string[];
  /** Cells by row; a missing cell is empty. */
  readonly rows: readonly (readonly string[])[];
  /** Columns of the terminal; `Infinity` keeps one line per row. */
  readonly width: number;
  /** Paints the title line. Default: unchanged. */
  readonly paintHead?: (text: string) => string;
}

/** Lays out a table that fits `width`; a cell that is too long goes on in the next line, uncut. */
export function formatTable(options: TableOptions): string[] {
  const rows = options.rows.map((row) => options.head.map((_, i) => printable(row[i] ?? "")));
  const widths = fitWidths([options.head, ...rows], options.width);
  const paint = options.paintHead ?? ((text: string) => text);
  return [
    ...formatRow(options.head, widths).map(paint),
    ...rows.flatMap((row) => formatRow(row, widths)),
  ];
}

function fitWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => visibleLength(row[i]!))));
  const least = rows[0]!.map((title) => Math.max(visibleLength(title), 6));
  const total = () => widths.reduce((sum, w) => sum + w, GAP.length * (widths.length - 1));
  while (total() > width) {
    const shrinkable = widths.map((w, i) => w > least[i]! ? w : 0);
    const widest = shrinkable.indexOf(Math.max(...shrinkable));
    if (shrinkable[widest] === 0) break;
    widths[widest]!--;
  }
  return widths;
}

function formatRow(cells: readonly string[], widths: readonly number[]): string[] {
  const wrapped = cells.map((cell, i) => wrapText(cell, widths[i]!));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, i) => padEnd(lines[line] ?? "", widths[i]!))
      .join(GAP)
      .trimEnd());
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleLength(text)));
}

/** Breaks text into lines of at most `width` columns, at spaces where there are any. */
export function wrapText(text: string, width: number): string[] {
  if (visibleLength(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    while (visibleLength(line) > width) {
      const characters = [...line], end = breakBefore(characters, width);
      lines.push(characters.slice(0, end).join(""));
      line = characters.slice(end).join("");
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Where a word that is too long goes on in the next line: behind a separator in its second half. */
function breakBefore(characters: readonly string[], width: number): number {
  for (let end = width; end > width / 2; end--) {
    if ("/:,&?".includes(characters[end - 1]!)) return end;
  }
  return width;
}

/** Breaks text at spaces only: a name that is too long stays whole, so that it can be copied. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const fits = line !== undefined && visibleLength(line) + 1 + visibleLength(word) <= width;
    if (fits) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
