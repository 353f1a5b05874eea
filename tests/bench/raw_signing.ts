import { program, runChild } from "./child.ts";
import type { RawWay } from "./raw_signer.ts";

/** What raw signing does in a process of its own. */
export interface RawSigning {
  readonly perSecond: number;
  /** Microseconds. */
  readonly p50: number;
}

/** Measures raw signing. */
export function rawSigning(
  way: RawWay,
  { inFlight = 32, seconds }: { inFlight?: number; seconds: number },
): Promise<RawSigning> {
  const args = [way, String(inFlight), String(seconds)];
  return runChild(program("servers/raw_signer.ts"), { args });
}
