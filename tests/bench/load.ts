import { loadWithSockets } from "./load_with_sockets.ts";
import { hasWrk, loadWithWrk } from "./load_with_wrk.ts";

/** One request, as it is repeated. */
export interface LoadRequest {
  readonly method?: "GET" | "POST";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A load over real HTTP on loopback. */
export interface Load {
  readonly url: string;
  /** Sent in turn. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
  /** Status that every answer must have. Default 200. */
  readonly status?: number;
}

/** What a load met with. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}

const withWrk = await hasWrk();

/** Which generator makes the load, for the head of the table. */
export const loadGenerator: string = withWrk ? "wrk, one thread" : "TCP sockets of this process";

/** Sends requests over kept connections, each of which waits for its answer before it sends again. */
export async function load(options: Load): Promise<LoadResult> {
  const { failures, ...result } = await (withWrk ? loadWithWrk : loadWithSockets)(options);
  if (failures > 0) throw new Error(`Cannot measure ${options.url}: ${failures} bad answers`);
  return result;
}
