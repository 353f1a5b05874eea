import type { Context } from "./context.ts";
import { CredentialError } from "./credential_error.ts";

const baseMs = 100;
const capMs = 5_000;
const longestAskedMs = 30_000;
const spreadingStepMs = 3_000;

/** Tries again, with full jitter, while the error says that the vendor calls it retryable. */
export async function retry<T>(context: Context, attempt: () => Promise<T>): Promise<T> {
  const startedAt = context.now();
  for (let tries = 1;; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      const pauseMs = pauseBefore(error, context, { tries, spentMs: context.now() - startedAt });
      if (pauseMs === undefined) throw error;
      await context.sleep(pauseMs, context.signal);
    }
  }
}

/** How long to wait before the next attempt, or undefined when there shall be none. */
export function pauseBefore(
  error: CredentialError,
  context: Pick<Context, "attempts" | "random" | "spreadingMs">,
  so: { tries: number; spentMs: number },
): number | undefined {
  if (error.mayBeSpreading && so.spentMs < context.spreadingMs) {
    return spreadingStepMs + context.random() * 1_000;
  }
  if (!error.retryable || so.tries >= context.attempts) return undefined;
  const asked = error.retryAfterMs ?? 0;
  if (asked > longestAskedMs) return undefined;
  return asked + context.random() * Math.min(capMs, baseMs * 2 ** so.tries);
}
