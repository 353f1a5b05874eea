/** A request on its way, shared by everyone who wants the same token, and ended from outside as one. */
export class Flight {
  /** How many callers wait; none for a background refresh. */
  #waiting: number;
  readonly #inBackground: boolean;
  #end: { readonly reason: unknown } | undefined;
  #stop: (reason: unknown) => void = () => {};

  /** Starts one. */
  constructor(wanted: boolean) {
    this.#waiting = wanted ? 1 : 0;
    this.#inBackground = !wanted;
  }

  /** Whether a caller waits; false for a background refresh. */
  get wanted(): boolean {
    return this.#waiting > 0;
  }

  /** One more waits. */
  join(): void {
    this.#waiting++;
  }

  /** One of those who wait gives up; whether it was begun for callers alone and none is left. */
  leave(): boolean {
    return --this.#waiting === 0 && !this.#inBackground;
  }

  /** Says how to stop the step that begins now, in place of the one before. Throws once it was ended. */
  begin(stop: (reason: unknown) => void): void {
    this.throwIfEnded();
    this.#stop = stop;
  }

  /** Throws the reason once it was ended. */
  throwIfEnded(): void {
    if (this.#end !== undefined) throw this.#end.reason;
  }

  /** Ends it for good, and the step that it is at. */
  end(reason: unknown): void {
    this.#end ??= { reason };
    this.#stop(reason);
  }
}
