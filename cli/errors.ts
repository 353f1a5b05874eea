import { EXIT_CODES, type ExitName } from "./exit_codes.ts";

/** What a {@linkcode CliError} carries besides its message. */
export interface CliErrorOptions extends ErrorOptions {
  /** What to do next, one sentence or command. Default: nothing is printed. */
  readonly next?: string;
  /** Further lines, such as one per wrong field. Default: none. */
  readonly details?: readonly string[];
}

/** A failure that the command line tells its user: what, why, and what to do next. */
export class CliError extends Error {
  override readonly name = "CliError";
  /** Why the command failed; names the exit code. */
  readonly code: ExitName;
  /** What to do next. */
  readonly next?: string;
  /** Further lines, such as one per wrong field. */
  readonly details: readonly string[];

  /** Makes an error that ends the command with the exit code named by `code`. */
  constructor(code: ExitName, message: string, options: CliErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.next = options.next;
    this.details = options.details ?? [];
  }

  /** The exit code of the process. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** Ends the command with the exit code of a program that it ran; nothing is printed. */
export class ProgramExit extends Error {
  override readonly name = "ProgramExit";
  /** The exit code of the program. */
  readonly exitCode: number;

  /** Makes an end with this exit code. */
  constructor(exitCode: number) {
    super(`The program ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
