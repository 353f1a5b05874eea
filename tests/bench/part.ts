import type { Row } from "./row.ts";

/** How large a run is. */
export interface Scale {
  /** Interleaved rounds per comparison. */
  readonly rounds: number;
  /** Seconds that one load lasts. */
  readonly seconds: number;
  /** Seconds of the flood over which memory must stay flat. */
  readonly floodSeconds: number;
  /** Times that a thing is done where its one time is measured. */
  readonly samples: number;
}

/** One part of the bench. */
export interface Part {
  /** For `--only`. */
  readonly name: string;
  run(scale: Scale): Promise<Row[]>;
}
