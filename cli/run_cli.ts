import { CommanderError } from "commander";
import { createContext } from "./context.ts";
import { CliError, ProgramExit } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliHost } from "./io.ts";
import { createProgram } from "./program.ts";
import { systemHost } from "./system_host.ts";

/**
 * Runs one command line and returns its exit code (see {@linkcode EXIT_CODES}).
 * Everything outside, the streams, the clock, the network, can be passed in.
 */
export async function runCli(
  args: readonly string[],
  options: Partial<CliHost> = {},
): Promise<number> {
  const own = ownArguments(args);
  const host = withNoColor({ ...systemHost(), ...options }, own);
  const context = createContext(host);
  try {
    await createProgram(context).parseAsync(wordsOf(args), { from: "user" });
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    if (error instanceof ProgramExit) return error.exitCode;
    const failure = error instanceof CliError ? error : unexpected(error);
    context.out.error(failure, own.includes("--json") ? "json" : "text");
    return failure.exitCode;
  }
}

/** Nothing asks for help, and so does the word, whatever command it stands before. */
function wordsOf(args: readonly string[]): string[] {
  if (args.length === 0) return ["--help"];
  return args[0] === "help" ? [...args.slice(1), "--help"] : [...args];
}

/** Behind -- stands another program's command line. */
function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

function withNoColor(host: CliHost, args: readonly string[]): CliHost {
  if (!args.includes("--no-color")) return host;
  return { ...host, env: (name) => name === "NO_COLOR" ? "1" : host.env(name) };
}

function unexpected(error: unknown): CliError {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CliError("failed", `Something went wrong that should not: ${text}`, { cause: error });
}
