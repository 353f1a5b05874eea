/** A request on its way, shared by everyone who wants the same token, and ended from outside as one. */
export class Flight {
  /** Whether a caller waits; false for a background refresh. */
  wanted: boolean;
  #end: { readonly reason: unknown } | undefined;
  #stop: (reason: unknown) => void = () => {};

  /** Starts one. */
  constructor(wanted: boolean) {
    this.wanted = wanted;
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
