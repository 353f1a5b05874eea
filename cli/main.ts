/**
 * The command line of Signet: run an issuer for development, manage workloads, credentials and
 * keys over the admin API, get tokens and look into them.
 *
 * ```sh
 * deno run -A jsr:@signet/oidc/cli            # a map of the commands
 * deno run -A jsr:@signet/oidc/cli dev        # an issuer on http://localhost:8000
 * ```
 *
 * Results go to stdout, remarks and errors to stderr; `--json` prints for machines; exit codes are
 * in {@linkcode EXIT_CODES}. The same command line runs inside another program or a test:
 *
 * @example Runs a command in-process and reads what it prints
 * ```ts
 * import { runCli } from "@signet/oidc/cli";
 *
 * let text = "";
 * const code = await runCli(["--version"], {
 *   stdout: { write: (part) => text += part, isTerminal: false },
 * });
 * console.log(code, text); // 0 0.1.0
 * ```
 *
 * @module
 */
export { runCli } from "./run_cli.ts";
export { EXIT_CODES } from "./exit_codes.ts";
export type { ExitName } from "./exit_codes.ts";
export type {
  CliFiles,
  CliHost,
  CliInput,
  CliProcess,
  CliServer,
  CliStream,
  RunOptions,
  ServeOptions,
  SpawnOptions,
} from "./io.ts";
export type { TlsChain, TlsChainReader } from "../setup/aws_thumbprint.ts";

import { runCli } from "./run_cli.ts";

if (import.meta.main) {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (stop.signal.aborted) Deno.exit(130);
      stop.abort(new DOMException(signal, "AbortError"));
    });
  }
  Deno.exit(await runCli(Deno.args, { signal: stop.signal }));
}
