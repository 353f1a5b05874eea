// @ts-types="./hcl2json.d.ts"
import { parse } from "@cdktf/hcl2json";
import { parse as parseYamlText } from "yaml";

/** Parse HCL with HashiCorp's own parser (compiled to WebAssembly). */
export async function parseHcl(text: string): Promise<Record<string, unknown>> {
  return await parse("plan.tf", text);
}

/** The parser keeps string templates as templates: turn a literal one into its value. */
export function templateValue(template: unknown): string {
  return String(template).replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** Parse YAML strictly: a duplicate key or a warning is an error. */
// deno-lint-ignore no-explicit-any
export function parseYaml(text: string): any {
  return parseYamlText(text, { strict: true, uniqueKeys: true, version: "1.2" });
}

/** All strings anywhere in a parsed document. */
export function allStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...allStrings(item)]);
}
