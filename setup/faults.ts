import { SetupError, type SetupFault, type SetupVendor } from "./types.ts";

/** How a text has to look. */
export interface TextRule {
  /** Anchored pattern. Default: printable ASCII without leading or trailing space. */
  readonly pattern?: RegExp;
  /** What the pattern means, for the message. */
  readonly expected?: string;
  /** Greatest length in characters. Default 255. */
  readonly max?: number;
}

const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Collects every fault of an input, so that the user sees them all at once. */
export class Faults {
  readonly #found: SetupFault[] = [];

  /** Note a fault unless `ok`. */
  check(ok: boolean, field: string, problem: string): void {
    if (!ok) this.#found.push({ field, problem });
  }

  /** Check a text that must be there; control characters and non-ASCII are refused always. */
  text(value: unknown, field: string, rule: TextRule = {}): void {
    const max = rule.max ?? 255;
    if (typeof value !== "string" || value === "") return this.check(false, field, "is missing");
    if (!PRINTABLE.test(value)) {
      return this.check(false, field, "must be printable ASCII without outer spaces");
    }
    this.check(value.length <= max, field, `must have at most ${max} characters`);
    if (rule.pattern && !rule.pattern.test(value)) {
      this.check(false, field, `must be ${rule.expected ?? `of the form ${rule.pattern.source}`}`);
    }
  }

  /** The same for a text that may be left out. */
  optional(value: unknown, field: string, rule: TextRule = {}): void {
    if (value !== undefined) this.text(value, field, rule);
  }

  /** The same for every member of a list that may be left out. */
  list(values: unknown, field: string, rule: TextRule = {}): void {
    if (values === undefined) return;
    if (!Array.isArray(values)) return this.check(false, field, "must be a list");
    values.forEach((value, index) => this.text(value, `${field}[${index}]`, rule));
  }

  /** Throw {@linkcode SetupError} when anything was noted. */
  done(vendor: SetupVendor): void {
    if (this.#found.length > 0) throw new SetupError(vendor, this.#found);
  }
}
