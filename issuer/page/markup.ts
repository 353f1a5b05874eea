import { escape } from "@std/html/entities";

/** Text that is HTML already: only {@linkcode markup} and {@linkcode trusted} make it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: markup as it is, everything else escaped; false and undefined vanish. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

/** Template for HTML: every value is escaped, in text and in quoted attributes (threat 52). */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + render(values[index])).join(""));
}

/** Marks text as HTML; for constants of this repository only. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** A JSON document for a data block: no value can end the block or start a comment. */
export function jsonBlock(id: string, value: unknown): Markup {
  const text = JSON.stringify(value).replaceAll("<", "\\u003c");
  return markup`<script type="application/json" id="${id}">${trusted(text)}</script>`;
}

function render(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.map(render).join("");
  return escape(String(value));
}
