import type { CliContext } from "./context.ts";

/** A new request token, and where it belongs. */
export interface IssuedSecret {
  readonly issuer: string;
  readonly workload: string;
  readonly secret: string;
  /** Remarks for a person, such as when it expires. */
  readonly remarks: readonly string[];
}

/**
 * Prints a new secret, this once: alone on stdout so that a script can take it, remarks on stderr.
 * With `env` as two lines for a `.env` file.
 */
export function printSecret(
  { out, host }: CliContext,
  { issued, env }: { issued: IssuedSecret; env?: boolean },
): void {
  const { issuer, secret } = issued;
  issued.remarks.forEach((remark) => out.note(remark));
  if (env) {
    out.line(`SIGNET_ISSUER=${issuer}`);
    out.line(`SIGNET_REQUEST_TOKEN=${secret}`);
    return;
  }
  if (host.stdout.isTerminal) {
    out.note("It is shown this once. Give it to the program as SIGNET_REQUEST_TOKEN:");
    out.note();
  }
  out.line(secret);
  if (host.stdout.isTerminal) {
    out.note();
    out.note("next:  in the program's environment, with SIGNET_ISSUER too, try");
    out.note("       signet token --audience <one it may ask for>");
  }
}
