const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d;

// RFC 8259 §7 and §6; sticky, so that they match only where the reader stands.
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

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
    const start = this.#at + 1;
    let end = start, unit = this.#text.charCodeAt(end);
    while (unit >= 0x20 && unit !== QUOTE && unit !== BACKSLASH) {
      unit = this.#text.charCodeAt(++end);
    }
    if (unit !== QUOTE) return this.#oddString();
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  /** A string with escapes, or none at all. */
  #oddString(): string {
    const source = this.#match(STRING) ??
      this.#fail("has an open string, an unknown escape or a control character in one");
    const text: string = JSON.parse(source);
    // Raw UTF-8 cannot hold an unpaired surrogate; only an escape can bring one in.
    return text.isWellFormed() ? text : this.#fail("has an unpaired surrogate");
  }

  #number(): number {
    const value = Number(this.#match(NUMBER) ?? this.#fail("has something that is not a value"));
    return Number.isFinite(value) ? value : this.#fail("has a number beyond a double");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    // Unlike `exec`, which makes an object that nobody needs.
    if (!pattern.test(this.#text)) return undefined;
    const start = this.#at;
    this.#at = pattern.lastIndex;
    return this.#text.slice(start, this.#at);
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
