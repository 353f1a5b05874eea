import { Argument, type Command } from "commander";
import { createCommand } from "../command.ts";
import { type Shell, SHELLS, writeCompletions } from "../completions.ts";
import type { CliContext } from "../context.ts";

/** `signet completions <shell>` */
export function completionsCommand({ out }: CliContext): Command {
  const command = createCommand({
    usage: "completions",
    summary: "Print a completion script for bash, zsh or fish",
    examples: [
      ["source <(signet completions bash)", "for bash; put it into ~/.bashrc to keep it"],
      ["source <(signet completions zsh)", "for zsh, in ~/.zshrc"],
      ["signet completions fish > ~/.config/fish/completions/signet.fish", "for fish, for good"],
    ],
  });
  command.addArgument(new Argument("<shell>").choices([...SHELLS]));
  return command.action((shell: Shell) =>
    out.line(writeCompletions(command.parent!, shell).trimEnd())
  );
}
