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
  /** Asks the program to stop. */
  stop(): void;
}

/** The file system as far as the command line touches it. */
export interface CliFiles {
  /** Reads a text file; `undefined` when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Writes a file that only its owner can read, and its directory too. */
  writePrivate(path: string, text: string): Promise<void>;
}

/** What {@linkcode CliHost.spawn} starts. */
export interface SpawnOptions {
  /** Arguments for the Deno executable. */
  readonly args: readonly string[];
  /** Environment of the program, besides what Deno itself needs. */
  readonly env: Readonly<Record<string, string>>;
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
  /** Waits, in milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Reads and keeps files. */
  readonly files: CliFiles;
  /** Starts a program with the Deno executable. */
  readonly spawn: (options: SpawnOptions) => CliProcess;
  /** Path of the Deno executable. */
  readonly execPath: () => string;
  /** Aborted by Ctrl+C or a request to end. */
  readonly signal: AbortSignal;
}
