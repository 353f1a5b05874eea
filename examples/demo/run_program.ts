// Runs another program of this folder as its own process, allowed to do only what is named here.

/** What the other program gets. */
export interface ProgramOptions {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** The host and port it may talk to. */
  readonly net: string;
  readonly stdin?: string;
}

/** Runs it to its end and gives back what it printed. */
export async function runProgram(file: string, options: ProgramOptions): Promise<string> {
  const { args, env = {}, net, stdin = "" } = options;
  const program = new URL(file, import.meta.url).href;
  const names = Object.keys(env).join(",");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--quiet", `--allow-net=${net}`],
      ...(names ? [`--allow-env=${names}`] : []),
      ...[program, ...args],
    ],
    env,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Response(stdin).body?.pipeTo(child.stdin);
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`${file} failed`);
  return new TextDecoder().decode(stdout).trim();
}
