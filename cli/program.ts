import { type Argument, Command, type Option } from "commander";
import { agentCommand } from "./commands/agent.ts";
import { auditCommand } from "./commands/audit.ts";
import { completionsCommand } from "./commands/completions.ts";
import { credentialCommand } from "./commands/credential.ts";
import { demoCommand } from "./commands/demo.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { kubeExecCommand } from "./commands/kube_exec.ts";
import { keysCommand } from "./commands/keys.ts";
import { setupCommand } from "./commands/setup.ts";
import { tokenCommand } from "./commands/token.ts";
import { workloadCommand } from "./commands/workload.ts";
import type { CliContext } from "./context.ts";
import { formatMap } from "./map.ts";
import { wantsColor } from "./style.ts";
import { VERSION } from "./version.ts";

type CommandFactory = (context: CliContext) => Command;

/** Every command, in the order and under the titles of the map; a new command is one line here. */
const SECTIONS: readonly (readonly [title: string, commands: readonly CommandFactory[]])[] = [
  ["Try it", [demoCommand, devCommand]],
  ["Tokens", [tokenCommand, inspectCommand]],
  ["Workloads", [workloadCommand, credentialCommand]],
  ["Trust", [setupCommand, doctorCommand, explainCommand]],
  ["Other programs", [agentCommand, kubeExecCommand]],
  ["The issuer", [keysCommand, auditCommand]],
  ["Your shell", [completionsCommand]],
];

/** Builds the whole command tree for one run. */
export function createProgram(context: CliContext): Command {
  const program = new Command("signet").version(VERSION).helpCommand(false);
  program.option("--no-color", "plain text, like NO_COLOR=1");
  const sections = SECTIONS.map(([title, factories]) => {
    const commands = factories.map((factory) => factory(context));
    commands.forEach((command) => program.addCommand(command));
    return { title, commands };
  });
  program.helpInformation = () => formatMap(sections, context.out);
  applySettings(program, context);
  return program;
}

/** Commander keeps its settings per command; all of them write to our streams and never exit. */
function applySettings(command: Command, context: CliContext): void {
  const { stdout, stderr, env } = context.host;
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => Math.min(stdout.columns ?? 80, 100),
    getErrHelpWidth: () => Math.min(stderr.columns ?? 80, 100),
    getOutHasColors: () => wantsColor(stdout.isTerminal, env),
    getErrHasColors: () => wantsColor(stderr.isTerminal, env),
  });
  command.configureHelp({ subcommandTerm: formatTerm, optionDescription, argumentDescription });
  command.showHelpAfterError(`next:  ${commandPath(command)} --help`);
  for (const sub of command.commands) applySettings(sub, context);
}

/** What an option is, its choices in words: `Microsoft's cloud: public, china (default: public)`. */
function optionDescription(option: Option): string {
  const { description, argChoices, mandatory, defaultValue, defaultValueDescription } = option;
  const takesDefault = defaultValue !== undefined && (option.required || option.optional);
  const rest = mandatory
    ? " (required)"
    : takesDefault
    ? ` (default: ${defaultValueDescription ?? defaultValue})`
    : "";
  return describeChoices(description, argChoices) + rest;
}

function argumentDescription({ description, argChoices }: Argument): string {
  return describeChoices(description, argChoices);
}

function describeChoices(description: string, choices: readonly string[] | undefined): string {
  if (!choices) return description;
  const at = description.indexOf(" (");
  const [what, rest] = at < 0
    ? [description, ""]
    : [description.slice(0, at), description.slice(at)];
  return `${[what, choices.join(", ")].filter(Boolean).join(": ")}${rest}`;
}

/** A command in a list: name and arguments, without the noise of "[options]". */
function formatTerm(command: Command): string {
  const args = command.registeredArguments.map((argument) => `<${argument.name()}>`);
  return [command.name(), ...args].join(" ");
}

function commandPath(command: Command): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}
