import type { AzureAbortSignal } from "./options.ts";

/** An ordinary abort signal that fires when Azure's does. */
export function abortSignalOf(signal: AzureAbortSignal | undefined): AbortSignal | undefined {
  if (!signal || signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener("abort", () => controller.abort());
  return controller.signal;
}
