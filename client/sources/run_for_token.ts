import { IdTokenError } from "../errors.ts";
import { redact } from "../http_answer.ts";
import type { SourceSetup, SourceToken } from "../source.ts";
import { notReady } from "./held_token.ts";

/** Runs a platform's own command, which prints a token. */
export async function runForToken(
  [command, ...args]: [string, ...string[]],
  { label, setup, signal }: { label: string; setup: SourceSetup; signal: AbortSignal },
): Promise<SourceToken> {
  const result = await setup.runtime.run(command, args, signal).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    const missing = `${command} cannot be run. Have it on the PATH and, on Deno, ` +
      `allow it with --allow-run=${command}`;
    throw notReady(label, missing, cause);
  });
  if (result.code === 0) return { token: result.stdout.trim() };
  const message = `Cannot get an identity token from ${label}: ${command} ends with code ` +
    `${result.code} (it says: ${redact(result.stderr.trim())})`;
  throw new IdTokenError(message, { code: "request_refused" });
}
