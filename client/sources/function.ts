import { IdTokenError } from "../errors.ts";
import type { TokenFunction, TokenSource } from "../source.ts";

/** Tokens from a function that the program passes. */
export function functionSource(give: TokenFunction): TokenSource {
  return {
    label: "the function given as source",
    mayRepeat: true,
    async getToken({ audience, ttl, signal }) {
      try {
        return { token: await give(audience, { ttl, signal }) };
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        if (cause instanceof IdTokenError) throw cause;
        const message = "Cannot get an identity token: the function given as source failed";
        throw new IdTokenError(message, { code: "source_failed", cause });
      }
    },
  };
}
