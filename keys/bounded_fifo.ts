import { SigningBusyError } from "./errors.ts";

/** What waits to be signed, first in, first out, and how many at most. */
export class BoundedFifo<T> {
  // A ring: taking the first of a thousand costs no more than of one.
  readonly #ring: (T | undefined)[];
  #first = 0;
  #length = 0;

  /** @param bound How many wait at most. */
  constructor(bound: number) {
    this.#ring = new Array(bound);
  }

  /** How many wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds the last; throws {@link SigningBusyError} where too many wait. */
  push(item: T): void {
    const bound = this.#ring.length;
    if (this.#length >= bound) throw new SigningBusyError(this.#length);
    this.#ring[(this.#first + this.#length) % bound] = item;
    this.#length++;
  }

  /** Takes the first; undefined where none waits. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#length--;
    return item;
  }
}
