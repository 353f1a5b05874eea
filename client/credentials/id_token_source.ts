import { untilAborted } from "../until_aborted.ts";
import type { Context } from "./context.ts";
import { peekClaims, tokenEnd } from "./json.ts";
import { type Asks, mintFor } from "./mint.ts";
import { type Expiring, type Refreshing, refreshing } from "./refreshing.ts";
import { refreshMargin } from "./timing.ts";

/** The identity token for one audience, for those who take it as it is. */
export function idTokenSource(
  audience: string,
  context: Context,
  asks?: Asks,
): Refreshing<string> {
  const mint = mintFor(audience, context, asks);
  // A second cache would hold on to what the client is about to renew.
  if (context.fromClient) {
    return { get: (signal) => untilAborted(signal, () => mint()), clear() {} };
  }
  let last: Expiring<string> | undefined;
  return refreshing(async () => {
    const token = await mint();
    // A function with a cache of its own may give the same again, which is none the younger for it.
    return last?.value === token ? last : last = expiring(token, context.now());
  }, context);
}

/** A token and its turning points, by its whole life and not by what is left of it. */
function expiring(token: string, now: number): Expiring<string> {
  const expiresAt = tokenEnd(token, now), { exp, iat } = peekClaims(token) ?? {};
  if (typeof exp !== "number" || typeof iat !== "number") return { value: token, expiresAt };
  return { value: token, expiresAt, refreshAt: expiresAt - refreshMargin((exp - iat) * 1_000) };
}
