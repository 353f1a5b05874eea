import { Command } from "commander";

/** How a command introduces itself. */
export interface CommandText {
  /** Name with its arguments, such as `show <id>`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What else a reader should know. Default: nothing. */
  readonly more?: string;
  /** Command lines to copy, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** Makes a command with a summary and examples in its `--help`. */
export function createCommand(text: CommandText): Command {
  const [name, ...args] = text.usage.split(" ");
  const command = new Command(name).summary(text.summary);
  command.description(text.more ? `${text.summary}\n\n${text.more}` : text.summary);
  for (const arg of args) command.argument(arg);
  return command.addHelpText("after", () => formatExamples(text.examples));
}

/** Makes a command that only holds others. */
export function createGroup(text: CommandText, commands: readonly Command[]): Command {
  const group = createCommand(text);
  for (const command of commands) group.addCommand(command);
  return group.helpCommand(false);
}

/** Adds what every command that talks to an issuer takes. */
export function withIssuer(command: Command): Command {
  return command
    .option("--issuer <url>", "the issuer (default: $SIGNET_ISSUER)")
    .option("--json", "print JSON for machines");
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function formatExamples(examples: CommandText["examples"]): string {
  const lines = examples.map(([line, does]) => `  ${line}\n      ${does}`);
  return `\nExamples:\n${lines.join("\n")}`;
}
