import type { Context } from "./context.ts";
import { type Asks, mintFor } from "./mint.ts";
import { tokenEnd } from "./json.ts";
import { type Refreshing, refreshing } from "./refreshing.ts";

/** The identity token for one audience, for those who take it as it is. */
export function idTokenSource(
  audience: string,
  context: Context,
  asks?: Asks,
): Refreshing<string> {
  const mint = mintFor(audience, context, asks);
  return refreshing(async () => {
    const token = await mint();
    return { value: token, expiresAt: tokenEnd(token, context.now()) };
  }, context.now);
}
