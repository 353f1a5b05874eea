/**
 * Whether `value` matches `pattern`, in which each `*` stands for one or more characters of one
 * segment (no `/`, no `:`). Everything else is literal, so nothing has to be escaped or anchored.
 */
export function matchesGlob(pattern: string, value: string): boolean {
  const parts = pattern.split("*");
  const first = parts.shift()!;
  if (parts.length === 0) return value === pattern;
  if (!value.startsWith(first)) return false;
  const last = parts.pop()!;
  let position = first.length;
  for (const part of parts) {
    const found = value.indexOf(part, position + 1);
    if (found < 0 || crossesSegment(value, position, found)) return false;
    position = found + part.length;
  }
  const end = value.length - last.length;
  return end > position && value.endsWith(last) && !crossesSegment(value, position, end);
}

function crossesSegment(value: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (value[index] === "/" || value[index] === ":") return true;
  }
  return false;
}
