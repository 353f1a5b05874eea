/** A map of at most `max` entries; the one used longest ago goes first. */
export class RecentMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #max: number;
  #newest: string | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as a use. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    // Order counts only once it is to be full; the same key again, as in a burst, is in its place.
    if (value !== undefined && key !== this.#newest && this.#isFilling()) {
      this.set(key, value);
    }
    return value;
  }

  set(key: string, value: V): void {
    if (this.#isFilling()) this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value!);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #isFilling(): boolean {
    return this.#entries.size * 2 > this.#max;
  }
}
