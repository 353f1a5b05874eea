import { isLoopback } from "../verify/is_loopback.ts";
import { CliError } from "./errors.ts";

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/refused/i, "nothing listens there"],
  [/dns|lookup|ENOTFOUND|resolve/i, "the host name is not known"],
  [/certificate|tls|ssl/i, "its TLS certificate is not accepted"],
  [/timed? ?out|timeout/i, "it did not answer in time"],
  [/redirect/i, "it redirects elsewhere"],
];

/** Turns a failed fetch into words; keeps the runtime's own error as `cause`. */
export function connectError(url: string, cause: unknown): CliError {
  const text = describe(cause);
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? "the connection failed";
  return new CliError("unreachable", `Cannot reach ${url}: ${reason}`, {
    next: URL.canParse(url) && isLoopback(new URL(url))
      ? "Start an issuer with `deno task dev`, or set SIGNET_ISSUER to the one you mean."
      : "Check SIGNET_ISSUER and your network.",
    cause,
  });
}

/** Name and message of an error and of its causes; Deno 2.9 puts the reason into the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name} ${error.message} ${error.cause === undefined ? "" : describe(error.cause)}`;
}
