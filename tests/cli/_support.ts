import { type CliHost, runCli } from "../../cli/main.ts";

/** What a command did. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How {@linkcode run} differs from a pipe with nothing around it. */
export interface RunOptions extends Partial<Omit<CliHost, "env" | "stdin" | "stdout" | "stderr">> {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Columns of the terminal that all three streams are; none: pipes. */
  readonly terminal?: number;
  /** Files that can be read, by path. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Runs one command line in-process and keeps what it prints. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  const { env = {}, stdin = "", terminal, texts = {}, ...rest } = options;
  let stdout = "", stderr = "";
  const shared = { isTerminal: terminal !== undefined, columns: terminal };
  const code = await runCli(args, {
    fetch: () => Promise.reject(new TypeError("Connection refused")),
    sleep: () => Promise.resolve(),
    files: {
      read: (path) => Promise.resolve(texts[path]),
      writePrivate: () => Promise.resolve(),
      create: () => Promise.resolve(true),
      remove: () => Promise.resolve(),
      absolute: (path) => `/test/${path}`,
      isOpenToOthers: () => Promise.resolve(false),
    },
    ...rest,
    env: (name) => env[name],
    stdout: { ...shared, write: (text) => stdout += text },
    stderr: { ...shared, write: (text) => stderr += text },
    stdin: {
      isTerminal: terminal !== undefined,
      readAll: () => Promise.resolve(stdin),
      readLine: () => Promise.resolve(stdin.split("\n")[0]),
    },
  });
  return { code, stdout, stderr };
}

/** What a person reads: the text without its color codes. */
export function plainText(text: string): string {
  return text.split("\x1b[").map((part, i) => i === 0 ? part : part.replace(/^[\d;]*m/, "")).join(
    "",
  );
}
