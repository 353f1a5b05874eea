import type { Random } from "./random.ts";

/** Pieces that mean something to one parser or another. */
const PIECES: readonly string[] = [
  ...[
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\u001f",
    "\u007f",
    "\u0080",
    "é",
    "\u200b",
    "\u202e",
    "\ufeff",
  ],
  ...[
    "\ud800",
    "\udc00",
    "😀",
    "\uffff",
    '"',
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u0061",
    "{",
    "}",
    "[",
    "]",
  ],
  ...[
    ":",
    ",",
    "/",
    "//",
    "..",
    ".",
    "%",
    "%2f",
    "%00",
    "%ff",
    "%c0%80",
    "+",
    "&",
    "=",
    ";",
    "?",
    "#",
    "@",
  ],
  ...[
    "*",
    "**",
    "~",
    "~1",
    "_",
    "-",
    "--",
    "0",
    "-0",
    "1e999",
    "1e5",
    "01",
    "0x10",
    "9007199254740993",
  ],
  ...[
    "true",
    "null",
    "NaN",
    "__proto__",
    "constructor",
    "toString",
    "length",
    "{{",
    "${x}",
    "<b>",
    "`",
  ],
  ...[
    "http://",
    "https://",
    "localhost",
    "127.0.0.1",
    "169.254.169.254",
    "[::1]",
    "xn--",
    "signet_rt_",
  ],
];

/** Values that stand where another was expected. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e21, 2 ** 53, Number.MAX_VALUE, "", " ", "*", "null"],
  ...[[], {}, [[]], [null], [""], [{}], { glob: "*" }, { glob: "a*" }, { keys: [] }, "__proto__"],
  ...[
    "constructor",
    ["RS256"],
    ["constructor"],
    { toString: 1 },
    "a".repeat(5_000),
    "https://a.test",
  ],
];

const MEMBERS: readonly string[] = [
  "__proto__",
  "constructor",
  "length",
  "toString",
  "",
  "/",
  "~",
  "é",
];

/** A text of any units. */
export function anyText(random: Random, most = 12): string {
  let text = "";
  for (let left = random.int(most + 1); left > 0; left--) {
    text += random.oneIn(2) ? random.pick(PIECES) : String.fromCharCode(32 + random.int(95));
  }
  return text;
}

/** Changes a text in one to three places. */
export function mutateText(random: Random, text: string): string {
  for (let changes = 1 + random.int(3); changes > 0; changes--) text = changeText(random, text);
  return text;
}

function changeText(random: Random, text: string): string {
  const at = random.int(text.length + 1), end = Math.min(at + 1 + random.int(8), text.length);
  const [head, middle, tail] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (random.int(8)) {
    case 0:
      return head + random.pick(PIECES) + middle + tail;
    case 1:
      return head + tail;
    case 2:
      return head + random.pick(PIECES) + tail;
    case 3:
      return head + middle + middle + tail;
    case 4:
      return head + middle.toUpperCase() + tail;
    case 5:
      return head + String.fromCharCode(random.int(random.pick([128, 65_536]))) + middle.slice(1) +
        tail;
    case 6:
      return head;
    default:
      // Rarely large: most faults are small, and large cases cost a thousand small ones.
      return head + middle.repeat(random.oneIn(20) ? 3_000 : 3) + tail;
  }
}

/** Changes bytes in one to three places. */
export function mutateBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const changed = [...bytes];
  for (let changes = 1 + random.int(3); changes > 0; changes--) {
    const at = random.int(changed.length + 1);
    changed.splice(
      at,
      random.int(3),
      ...random.pick([[], [random.int(256)], [0xc3], [0xed, 0xa0, 0x80]]),
    );
  }
  return new Uint8Array(changed);
}

/** A JSON value of any form, `depth` levels at most. */
export function anyValue(random: Random, depth = 3): unknown {
  const kind = random.int(depth > 0 ? 7 : 4);
  if (kind === 0) return random.pick(VALUES);
  if (kind === 1) return random.int(1_000) - 500;
  if (kind <= 3) return anyText(random);
  const size = random.int(4);
  if (kind === 4) return Array.from({ length: size }, () => anyValue(random, depth - 1));
  const entries = Array.from({ length: size }, () => [
    random.oneIn(4) ? random.pick(MEMBERS) : anyText(random, 4),
    anyValue(random, depth - 1),
  ]);
  return Object.fromEntries(entries);
}

/** A copy of a JSON value in which one to three members or elements are another. */
export function mutateValue(random: Random, value: unknown): unknown {
  let changed = structuredClone(value);
  for (let changes = 1 + random.int(3); changes > 0; changes--) {
    changed = changeValue(random, changed);
  }
  return changed;
}

function changeValue(random: Random, value: unknown): unknown {
  if (typeof value === "object" && value !== null && !random.oneIn(12)) {
    return Array.isArray(value) ? changeList(random, value) : changeObject(random, value);
  }
  if (random.oneIn(12)) return nested(value, 1 + random.int(40));
  // String([x]) is String(x): a check of the text alone takes the list.
  if (random.oneIn(10)) return [value];
  if (typeof value === "string" && !random.oneIn(4)) return mutateText(random, value);
  if (typeof value === "number" && random.oneIn(2)) return value + random.pick([1, -1, 0.5, 1e15]);
  return random.oneIn(2) ? random.pick(VALUES) : anyValue(random);
}

function changeList(random: Random, list: readonly unknown[]): unknown[] {
  const at = random.int(list.length + 1);
  const action = random.int(4);
  if (action === 0) return list.toSpliced(at, 1);
  if (action === 1) return list.toSpliced(at, 0, list[at] ?? anyValue(random));
  return at < list.length
    ? list.with(at, changeValue(random, list[at]))
    : [...list, anyValue(random)];
}

function changeObject(random: Random, object: object): object {
  const entries = Object.entries(object), at = random.int(entries.length + 1);
  const found = entries[at];
  if (found === undefined) {
    const name = random.oneIn(2) ? random.pick(MEMBERS) : anyText(random, 4);
    return Object.fromEntries([...entries, [name, anyValue(random)]]);
  }
  const [name, value] = found;
  if (random.oneIn(8)) return Object.fromEntries(entries.toSpliced(at, 1));
  if (random.oneIn(8)) entries[at] = [mutateText(random, name), value];
  else entries[at] = [name, changeValue(random, value)];
  return Object.fromEntries(entries);
}

function nested(value: unknown, levels: number): unknown {
  let outer = value;
  for (; levels > 0; levels--) outer = levels % 2 ? [outer] : { a: outer };
  return outer;
}
