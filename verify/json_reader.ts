const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, MINUS = 0x2d, DOT = 0x2e;
const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** The bounds, and what to do with a fault. */
export interface JsonReaderRules {
  readonly maxDepth: number;
  readonly maxMembers: number;
  readonly fail: (state: string) => never;
}

/** One pass over one JSON text; used only by strict_json.ts, which documents the rules. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #fail: (state: string) => never;
  #membersLeft: number;
  #at = 0;

  constructor(text: string, rules: JsonReaderRules) {
    this.#text = text;
    this.#maxDepth = rules.maxDepth;
    this.#membersLeft = rules.maxMembers;
    this.#fail = rules.fail;
  }

  /** The whole text as one value. */
  document(): unknown {
    const value = this.#value(0);
    this.#space();
    return this.#at === this.#text.length ? value : this.#fail("goes on after its value");
  }

  #value(depth: number): unknown {
    this.#space();
    switch (this.#peek()) {
      case OPEN_OBJECT:
        return this.#object(this.#deeper(depth));
      case OPEN_ARRAY:
        return this.#array(this.#deeper(depth));
      case QUOTE:
        return this.#string();
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null);
    for (let more = this.#open(CLOSE_OBJECT); more; more = this.#next(CLOSE_OBJECT)) {
      this.#space();
      if (this.#peek() !== QUOTE) this.#fail("has an object member without a name");
      const name = this.#string();
      if (name in object) this.#fail("has one name twice in an object");
      this.#space();
      if (this.#peek() !== COLON) this.#fail("has a member name without a colon");
      this.#at++;
      object[name] = this.#value(depth);
    }
    return object;
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    for (let more = this.#open(CLOSE_ARRAY); more; more = this.#next(CLOSE_ARRAY)) {
      array.push(this.#value(depth));
    }
    return array;
  }

  #open(close: number): boolean {
    this.#at++;
    this.#space();
    if (this.#peek() !== close) return this.#count();
    this.#at++;
    return false;
  }

  #next(close: number): boolean {
    this.#space();
    const mark = this.#peek();
    if (mark !== COMMA && mark !== close) this.#fail("lacks a comma or a closing bracket");
    this.#at++;
    return mark === COMMA && this.#count();
  }

  #string(): string {
    const start = ++this.#at;
    let text = "", from = start;
    for (;;) {
      const unit = this.#peek();
      if (unit === QUOTE) break;
      if (!(unit >= 0x20)) this.#fail("has an open string or a control character in one");
      if (unit !== BACKSLASH) {
        this.#at++;
        continue;
      }
      text += this.#text.slice(from, this.#at) + this.#escape();
      from = this.#at;
    }
    text += this.#text.slice(from, this.#at++);
    // Raw UTF-8 cannot hold an unpaired surrogate; only an escape can bring one in.
    return from === start || isWellFormed(text) ? text : this.#fail("has an unpaired surrogate");
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at + 1);
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const unit = letter === "u" ? hexUnit(this.#text, this.#at + 2) : -1;
    if (unit < 0) this.#fail("has an unknown escape");
    this.#at += 6;
    return String.fromCharCode(unit);
  }

  #number(): number {
    const start = this.#at;
    if (this.#peek() === MINUS) this.#at++;
    if (this.#peek() === 0x30) this.#at++;
    else this.#digits();
    if (this.#peek() === DOT) {
      this.#at++;
      this.#digits();
    }
    if ((this.#peek() | 0x20) === 0x65) this.#exponent();
    const value = Number(this.#text.slice(start, this.#at));
    return Number.isFinite(value) ? value : this.#fail("has a number beyond a double");
  }

  #exponent(): void {
    this.#at++;
    const sign = this.#peek();
    if (sign === MINUS || sign === 0x2b) this.#at++;
    this.#digits();
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.#peek())) this.#at++;
    if (this.#at === start) this.#fail("has something that is not a value");
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail("has something that is not a value");
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const unit = this.#peek();
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #deeper(depth: number): number {
    return depth < this.#maxDepth ? depth + 1 : this.#fail("is nested too deeply");
  }

  #count(): true {
    return this.#membersLeft-- > 0 ? true : this.#fail("has too many members");
  }

  #peek(): number {
    return this.#text.charCodeAt(this.#at);
  }
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function hexUnit(text: string, from: number): number {
  let unit = 0;
  for (let index = from; index < from + 4; index++) {
    const code = text.charCodeAt(index), letter = code | 0x20;
    const digit = isDigit(code) ? code - 0x30 : letter >= 0x61 && letter <= 0x66 ? letter - 87 : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

function isWellFormed(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const low = text.charCodeAt(++index);
    if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return false;
  }
  return true;
}
