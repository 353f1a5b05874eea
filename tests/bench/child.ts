import { splitLines } from "./split_lines.ts";

/** How a program is started. */
export interface ChildOptions {
  /** Default `deno`. */
  readonly runtime?: "deno" | "node";
  readonly args?: readonly string[];
  /** Flags of Deno, before the program. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A running program that has said its first line. */
export interface Child<Hello> extends AsyncDisposable {
  /** Its first line, which is JSON. */
  readonly hello: Hello;
  readonly pid: number;
  /** Writes it a line and gives the line that it answers. */
  ask(question: string): Promise<string>;
}

const here = new URL("./", import.meta.url);
const root = new URL("../../deno.json", here).pathname;
const lock = new URL("../../deno.lock", here).pathname;

/** The path of a program of this folder. */
export function program(name: string): string {
  return new URL(name, here).pathname;
}

/** Starts a program and waits for its first line. */
export async function startChild<Hello>(
  path: string,
  options: ChildOptions = {},
): Promise<Child<Hello>> {
  const process = command(path, options, "piped").spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(splitLines()).getReader();
  const line = async () => {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot go on: ${path} ended`);
    return value;
  };
  const hello = JSON.parse(await line()) as Hello;
  const questions = process.stdin.getWriter();
  return {
    hello,
    pid: process.pid,
    async ask(question) {
      await questions.write(new TextEncoder().encode(`${question}\n`));
      return await line();
    },
    async [Symbol.asyncDispose]() {
      process.kill("SIGKILL");
      await process.status;
      await lines.cancel();
    },
  };
}

/** Runs a program to its end and gives its last line, which is JSON. */
export async function runChild<Result>(path: string, options: ChildOptions = {}): Promise<Result> {
  const { stdout, success } = await command(path, options).output();
  if (!success) throw new Error(`Cannot go on: ${path} failed`);
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!) as Result;
}

function command(
  path: string,
  options: ChildOptions,
  stdin: "null" | "piped" = "null",
): Deno.Command {
  const { runtime = "deno", args = [], flags = [], env = {}, cwd } = options;
  // Peers live in a folder of their own, with its own configuration.
  const config = cwd === undefined ? ["--frozen", "--lock", lock, "--config", root] : [];
  const start = runtime === "node"
    ? [path]
    : ["run", "-A", "--no-check", "--unstable-kv", ...config, ...flags, path];
  return new Deno.Command(runtime === "node" ? "node" : Deno.execPath(), {
    args: [...start, ...args],
    env: { ...env, NO_COLOR: "1" },
    cwd,
    stdin,
    stdout: "piped",
    // Some peers write a page for each connection that a load leaves.
    stderr: cwd === undefined ? "inherit" : "null",
  });
}
