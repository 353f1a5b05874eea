/** What strict JSON is, said a second time and in another way: JSON.parse, and a walk over tokens. */

/** The value of a strict document, or why it is none. */
export type ReferenceJson = { readonly value: unknown } | { readonly fault: string };

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/** Reads bytes as `parseStrictJson` should. */
export function referenceJson(
  bytes: Uint8Array,
  { maxDepth = 16, maxMembers = 1024 }: { maxDepth?: number; maxMembers?: number } = {},
): ReferenceJson {
  let text: string, value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    return { fault: "no JSON" };
  }
  const levels: Set<string>[] = [];
  const tokens = text.match(TOKEN) ?? [];
  let members = 0;
  for (const [index, token] of tokens.entries()) {
    const previous = tokens[index - 1];
    if (token === "{" || token === "[") levels.push(new Set());
    if (levels.length > maxDepth) return { fault: "deep" };
    if (
      (previous === "{" || previous === "[" || previous === ",") && token !== "}" && token !== "]"
    ) {
      members++;
    }
    if (token === "}" || token === "]") levels.pop();
    if (token.startsWith('"')) {
      const said: string = JSON.parse(token);
      if (!said.isWellFormed()) return { fault: "surrogate" };
      const names = levels.at(-1);
      if (tokens[index + 1] === ":" && names?.has(said)) return { fault: "twice" };
      if (tokens[index + 1] === ":") names!.add(said);
    } else if (/^-?\d/.test(token) && !Number.isFinite(Number(token))) return { fault: "infinite" };
  }
  return members > maxMembers ? { fault: "wide" } : { value };
}

/** A value in one spelling, so that two readings can be compared whatever their prototypes. */
export function spelled(value: unknown): string {
  return Deno.inspect(ordered(value), {
    depth: 100,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
  });
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([name, member]) => [name, ordered(member)]).sort();
}
