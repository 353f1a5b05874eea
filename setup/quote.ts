/**
 * Quoting for the languages that the generators write. Every interpolated value passes through
 * one of these templates, so that no value can become code.
 *
 * @module
 */

/** Text that is already in the target language. */
export interface Raw {
  readonly raw: string;
}

/** What may stand in a template: a string is quoted, everything else is written as is. */
export type Quotable = string | number | boolean | readonly string[] | Raw;

/** Mark text as already quoted. */
export function raw(text: string): Raw {
  return { raw: text };
}

/** One POSIX shell word; single quotes stop every expansion, also history expansion. */
export function shellQuote(value: string): string {
  if (/^[A-Za-z0-9_/.:=@%+-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A quoted HCL template without interpolation; `\u0024` is never read as the start of `${`. */
export function hclString(value: string): string {
  return JSON.stringify(value).replaceAll("${", "\\u0024{").replaceAll("%{", "\\u0025{");
}

/** A CEL string literal in single quotes. */
export function celString(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Template for shell text: strings become one word each, lists become several words. */
export function sh(parts: TemplateStringsArray, ...values: readonly Quotable[]): string {
  const word = (value: Quotable): string =>
    isList(value) ? value.map(shellQuote).join(" ") : plain(value, shellQuote);
  return weave(parts, values.map(word));
}

/** Template for HCL text: strings become quoted templates, lists become tuples. */
export function hcl(parts: TemplateStringsArray, ...values: readonly Quotable[]): string {
  const expression = (value: Quotable): string =>
    isList(value) ? `[${value.map(hclString).join(", ")}]` : plain(value, hclString);
  return weave(parts, values.map(expression));
}

function isList(value: Quotable): value is readonly string[] {
  return Array.isArray(value);
}

function plain(value: Exclude<Quotable, readonly string[]>, quote: (text: string) => string) {
  if (typeof value === "string") return quote(value);
  return typeof value === "object" ? value.raw : String(value);
}

function weave(parts: TemplateStringsArray, words: readonly string[]): string {
  return parts.map((part, index) => part + (words[index] ?? "")).join("");
}
