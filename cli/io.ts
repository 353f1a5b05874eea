import type { TlsChainReader } from "../setup/aws_thumbprint.ts";

/** Somewhere the command line writes to. */
export interface CliStream {
  /** Writes text as it is. */
  write(text: string): void;
  /** Whether a person looks at it; decides about color and width. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. Default: 80. */
  readonly columns?: number;
}

/** Where the command line reads from. */
export interface CliInput {
  /** Reads everything until the end. */
  readAll(): Promise<string>;
  /** Reads one line, or `undefined` at the end. */
  readLine(): Promise<string | undefined>;
  /** Whether a person types there; decides whether a question may be asked. */
  readonly isTerminal: boolean;
}

/** A program that the command line started. */
export interface CliProcess {
  /** Ends with the program's exit code. */
  readonly exited: Promise<number>;
  /** Asks the program to stop. Default signal: `SIGTERM`. */
  stop(signal?: "SIGINT" | "SIGTERM"): void;
}

/** The file system as far as the command line touches it. */
export interface CliFiles {
  /** Reads a text file; `undefined` when there is none. */
  read(path: string): Promise<string | undefined>;
  /**
   * Puts a file that only its owner can read in place of what is there, whole or not at all; makes
   * its directory, for the owner alone, where there is none.
   */
  writePrivate(path: string, text: string): Promise<void>;
  /** Writes a new file and its directory; false, and nothing is written, when there is one already. */
  create(path: string, text: string): Promise<boolean>;
  /** Removes a file; none there is fine. */
  remove(path: string): Promise<void>;
  /** The path as other programs can use it, whatever their working directory. */
  absolute(path: string): string;
  /** Whether others than the owner can look into the directory of a file. */
  isOpenToOthers(path: string): Promise<boolean>;
}

/** What {@linkcode CliHost.spawn} starts. */
export interface SpawnOptions {
  /** Arguments for the Deno executable. */
  readonly args: readonly string[];
  /** Environment of the program, besides what Deno itself needs. */
  readonly env: Readonly<Record<string, string>>;
}

/** What {@linkcode CliHost.run} starts. */
export interface RunOptions {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly [program: string, ...args: string[]];
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that the command line started. */
export interface CliServer {
  /** Port it listens on. */
  readonly port: number;
  /** Stops it, at once. */
  stop(): Promise<void>;
}

/** What {@linkcode CliHost.serve} listens on, and who answers. */
export interface ServeOptions {
  /** Address to listen on. */
  readonly hostname: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Answers a request. */
  readonly handler: (request: Request) => Response | Promise<Response>;
}

/** Everything the command line takes from outside, so that it runs in a test as it does in a terminal. */
export interface CliHost {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Talks to the issuer. */
  readonly fetch: typeof fetch;
  /** Takes results. */
  readonly stdout: CliStream;
  /** Takes remarks and errors. */
  readonly stderr: CliStream;
  /** Gives tokens and answers. */
  readonly stdin: CliInput;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Cryptographically random bytes. */
  readonly randomBytes: (length: number) => Uint8Array<ArrayBuffer>;
  /** Waits, in milliseconds; less when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Reads and keeps files. */
  readonly files: CliFiles;
  /** Starts a program with the Deno executable. */
  readonly spawn: (options: SpawnOptions) => CliProcess;
  /** Starts any program on this terminal. @throws when there is no such program. */
  readonly run: (options: RunOptions) => CliProcess;
  /** The whole environment, for a program that is started. */
  readonly environment: () => Record<string, string>;
  /** Starts an HTTP server. @throws when the address is taken. */
  readonly serve: (options: ServeOptions) => CliServer;
  /** Reads the certificates that a TLS server sends. */
  readonly readTlsChain: TlsChainReader;
  /** Path of the Deno executable. */
  readonly execPath: () => string;
  /** Aborted by Ctrl+C or a request to end. */
  readonly signal: AbortSignal;
}
