const root = new URL("../../", import.meta.url);

/** What a program did. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the Deno that runs the tests, at the root of the checkout. */
export async function deno(
  args: readonly string[],
  options: { env?: Record<string, string> } = {},
): Promise<ProgramResult> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Reads a file of the checkout. */
export async function readFile(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, root));
}

/** A task of deno.json. */
export async function readTask(name: string): Promise<string> {
  const task = JSON.parse(await readFile("deno.json")).tasks[name];
  return typeof task === "string" ? task : task.command;
}
