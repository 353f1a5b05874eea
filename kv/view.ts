/** Options of {@link createView}; all times in ms. */
export interface ViewOptions<T> {
  /** Reads the current value strongly. */
  readonly load: () => Promise<T>;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Up to this age the copy is used as it is. Default 30,000. */
  readonly freshMs?: number;
  /** From this age on callers wait for a new copy. Default 60,000. */
  readonly maxAgeMs?: number;
  /** Up to this age the copy is still used while loading fails. Default 600,000. */
  readonly staleMs?: number;
  /** How long no load is tried after one failed. Default 5,000. */
  readonly retryMs?: number;
}

/** What a {@link View} holds. */
export interface Loaded<T> {
  readonly value: T;
  /** When the load that gave the value began, or since when it holds as it was set. */
  readonly loadedAt: number;
  /** Why the latest load failed, if it did. */
  readonly failure?: unknown;
}

/** A copy of something stored, kept fresh while it is used. */
export interface View<T> {
  /** The copy: at once while young enough, else after a load. Throws the load's error. */
  get(): T | Promise<T>;
  /** Loads now, joining a load under way. Throws the load's error. */
  reload(): Promise<T>;
  /**
   * Replaces the copy with what was just written; a load under way no longer counts.
   *
   * @param loadedAt From when on something newer could be missed; default now.
   */
  set(value: T, loadedAt?: number): void;
  /** What is held, without loading. */
  peek(): Loaded<T> | undefined;
}

/** Makes a {@link View}. It sets no timer: a copy is renewed when it is asked for. */
export function createView<T>(options: ViewOptions<T>): View<T> {
  return new ViewOf(options);
}

class ViewOf<T> implements View<T> {
  readonly #options: Required<ViewOptions<T>>;
  #held: { value: T; loadedAt: number } | undefined;
  #flight: Promise<T> | undefined;
  #failed: { error: unknown; at: number } | undefined;
  #writes = 0;

  constructor(options: ViewOptions<T>) {
    const defaults = { freshMs: 30_000, maxAgeMs: 60_000, staleMs: 600_000, retryMs: 5_000 };
    this.#options = { ...defaults, ...options };
  }

  get(): T | Promise<T> {
    const { freshMs, maxAgeMs } = this.#options;
    if (this.#held === undefined) return this.#mayLoad() ? this.#loadYoung() : this.#refuse();
    const age = this.#age();
    if (age < freshMs) return this.#held.value;
    if (age < maxAgeMs) {
      // The failure is kept in #failed; here the old copy is good enough.
      if (this.#mayLoad()) this.reload().catch(() => {});
      return this.#held.value;
    }
    if (!this.#mayLoad()) return this.#oldOr(this.#failed?.error);
    return this.#loadYoung().catch((error) => this.#oldOr(error));
  }

  reload(): Promise<T> {
    this.#flight ??= this.#load().finally(() => this.#flight = undefined);
    return this.#flight;
  }

  set(value: T, loadedAt: number = this.#options.now()): void {
    this.#writes++;
    this.#held = { value, loadedAt };
    this.#failed = undefined;
  }

  peek(): Loaded<T> | undefined {
    if (this.#held === undefined) return undefined;
    return this.#failed ? { ...this.#held, failure: this.#failed.error } : { ...this.#held };
  }

  async #load(): Promise<T> {
    // The age counts from the start of the load: nothing newer than that is known.
    const loadedAt = this.#options.now();
    const writes = this.#writes;
    try {
      const value = await this.#options.load();
      if (writes === this.#writes || this.#held === undefined) {
        this.#held = { value, loadedAt };
        this.#failed = undefined;
      }
      return this.#held.value;
    } catch (error) {
      this.#failed = { error, at: this.#options.now() };
      throw error;
    }
  }

  // A machine that slept through a load holds an old copy at the end of it, so it loads once more.
  async #loadYoung(): Promise<T> {
    const value = await this.reload();
    return this.#age() < this.#options.maxAgeMs ? value : await this.reload();
  }

  #age(): number {
    const held = this.#held!;
    const age = this.#options.now() - held.loadedAt;
    if (age >= 0) return age;
    // The clock went back: how old the copy is can no longer be known, so it is renewed now.
    held.loadedAt = this.#options.now() - this.#options.maxAgeMs;
    return this.#options.maxAgeMs;
  }

  #mayLoad(): boolean {
    if (this.#flight !== undefined || this.#failed === undefined) return true;
    const since = this.#options.now() - this.#failed.at;
    return since < 0 || since >= this.#options.retryMs;
  }

  #oldOr(error: unknown): T | Promise<T> {
    return this.#age() < this.#options.staleMs ? this.#held!.value : Promise.reject(error);
  }

  #refuse(): Promise<T> {
    return Promise.reject(this.#failed?.error);
  }
}
