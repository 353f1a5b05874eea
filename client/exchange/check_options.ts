import { bounded } from "../credentials/context.ts";
import { checkUrl } from "../credentials/check_url.ts";
import type { ExchangeTokenOptions } from "./options.ts";

/** Refuses, with a TypeError, what can only be a mistake in the program. */
export function checkOptions(options: ExchangeTokenOptions): void {
  checkUrl("endpoint", options?.endpoint);
  if (!options.audience) throw new TypeError("Cannot use audience: it is empty");
  if (options.ttl !== undefined) bounded("ttl", options.ttl, 1, 86_400);
  if (options.format === "query" && options.grant !== "bearer") {
    throw new TypeError("Cannot use format query: a token must not stand in a URL");
  }
}
