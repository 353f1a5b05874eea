import type { Command } from "commander";
import { createCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";

/** `signet demo` */
export function demoCommand(context: CliContext): Command {
  return createCommand({
    usage: "demo",
    summary: "Watch the main job end to end, on this machine",
    more: "An issuer, a program that asks it for a token, and a stranger that verifies it. " +
      "Nothing is kept, nothing leaves this machine.",
    examples: [["signet demo", "takes a few seconds"]],
  }).action(() => runDemo(context));
}

async function runDemo({ host }: CliContext): Promise<void> {
  const main = new URL("../../examples/demo/main.ts", import.meta.url);
  const args = ["run", ...demoFlags(main, host.execPath()), main.href];
  const code = await host.spawn({ args, env: {} }).exited;
  if (code !== 0) throw new CliError("failed", `The demo ended with exit code ${code}`);
}

/** Exactly what the demo may do; `deno task demo` passes the same. */
function demoFlags(main: URL, execPath: string): string[] {
  const keys = new URL("../../keys/", main);
  return [
    ...["--quiet", "--no-prompt", "--unstable-kv", "--allow-net=127.0.0.1"],
    ...["--allow-env=NO_COLOR", `--allow-run=${execPath}`],
    ...(keys.protocol === "file:" ? [`--allow-read=${decodeURIComponent(keys.pathname)}`] : []),
  ];
}
