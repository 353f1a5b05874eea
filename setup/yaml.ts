/** Values that the YAML writer accepts. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

const PLAIN = /^[A-Za-z][A-Za-z0-9./-]*$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Write block-style YAML. Every string that could be read as something else is double-quoted. */
export function toYaml(value: YamlValue): string {
  return block(value, "").replace(/^\n/, "") + "\n";
}

function block(value: YamlValue, indent: string): string {
  if (typeof value !== "object") return ` ${scalar(value)}`;
  const lines = Array.isArray(value)
    ? value.map((item: YamlValue) => `\n${indent}-${nested(item, indent + "  ")}`)
    : Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [`\n${indent}${scalar(key)}:${block(item, indent + "  ")}`]
    );
  if (lines.length === 0) return Array.isArray(value) ? " []" : " {}";
  return lines.join("");
}

/** A map inside a list starts on the line of its dash. */
function nested(item: YamlValue, indent: string): string {
  return block(item, indent).replace(/^\n\s+/, " ");
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  if (value.includes("\n")) return JSON.stringify(value);
  return PLAIN.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);
}
