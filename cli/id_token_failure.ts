import { CredentialError } from "../client/credentials/credential_error.ts";
import { IdTokenError } from "../client/errors.ts";
import { CliError } from "./errors.ts";
import type { ExitName } from "./exit_codes.ts";

const EXIT_BY_CODE: Readonly<Partial<Record<string, ExitName>>> = {
  no_source: "usage",
  invalid_configuration: "usage",
  issuer_mismatch: "usage",
  unsupported_option: "usage",
  credential_refused: "unauthorized",
  network_error: "unreachable",
  timeout: "unreachable",
  unavailable: "unreachable",
};

/** What the command line makes of an error of the client; any other error stays what it is. */
export function idTokenFailure(error: unknown): unknown {
  if (error instanceof IdTokenError) {
    return new CliError(EXIT_BY_CODE[error.code] ?? "failed", error.message, { cause: error });
  }
  if (!(error instanceof CredentialError)) return error;
  if (error.cause instanceof IdTokenError) return idTokenFailure(error.cause);
  const code = error.code === "not_configured" ? "usage" : "failed";
  return new CliError(code, error.message, { cause: error });
}
