import { type Batch, runSeeds } from "./run_seeds.ts";

declare const self: {
  onmessage: (event: MessageEvent<Batch>) => void;
  postMessage(message: unknown): void;
};

// Each worker has a runtime of its own, so that two can turn the clock at the same time.
self.onmessage = async ({ data }) => self.postMessage(await runSeeds(data));
