/** An element: its text, or its children by name (the first of each name). */
export type Xml = string | { readonly [name: string]: Xml };

interface Open {
  readonly name: string;
  readonly children: Record<string, Xml>;
  text: string;
  full: boolean;
}

const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)([^<>]*?)(\/?)>|([^<]+)|</g;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const deepest = 32;

/**
 * Reads the small XML that AWS answers with. No document type, no entity beyond XML's own, no namespaces,
 * nothing that expands. Undefined when the text is not well-formed.
 */
export function parseXml(xml: string): Xml | undefined {
  const root: Open = { name: "", children: Object.create(null), text: "", full: false };
  const stack = [root];
  for (const [whole, close, name, , empty, text] of xml.matchAll(token)) {
    const top = stack[stack.length - 1]!;
    if (whole === "<") return undefined;
    if (text !== undefined) top.text += text;
    else if (name === undefined) continue;
    else if (close) {
      if (stack.length === 1 || top.name !== name) return undefined;
      stack.pop();
      if (!adopt(stack[stack.length - 1]!, top)) return undefined;
    } else {
      const child = { name, children: Object.create(null), text: "", full: false };
      if (empty) adopt(top, child);
      else if (stack.push(child) > deepest) return undefined;
    }
  }
  return stack.length === 1 && root.full && !root.text.trim() ? root.children : undefined;
}

function adopt(parent: Open, child: Open): boolean {
  const value = child.full ? child.children : decode(child.text);
  if (value === undefined) return false;
  parent.children[child.name] ??= value;
  parent.full = true;
  return true;
}

function decode(text: string): string | undefined {
  let sound = true;
  const decoded = text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));|&/gi,
    (_, hex, dec, name) => {
      const char = name ? entities[name] : character(hex ? parseInt(hex, 16) : Number(dec));
      sound &&= char !== undefined;
      return char ?? "";
    },
  );
  return sound ? decoded : undefined;
}

function character(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The text at the end of a path of names, or undefined. */
export function xmlText(xml: Xml | undefined, ...path: string[]): string | undefined {
  const found = xmlAt(xml, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The element at the end of a path of names, or undefined. */
export function xmlAt(xml: Xml | undefined, ...path: string[]): Xml | undefined {
  return path.reduce<Xml | undefined>(
    (node, name) => typeof node === "object" ? node[name] : undefined,
    xml,
  );
}
