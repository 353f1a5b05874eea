import type { Command } from "commander";
import type { Output } from "./output.ts";

/** Commands under a title. */
export interface MapSection {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** The map of commands that `signet` and `signet --help` show. */
export function formatMap(sections: readonly MapSection[], { style }: Output): string {
  const lines = sections.flatMap(({ title, commands }) => [
    style.bold(title),
    ...commands.map((command) => `  ${command.name().padEnd(13)}${describe(command)}`),
    "",
  ]);
  return [
    "Signet: identity tokens for programs, so that they need no secrets.",
    "",
    ...lines,
    `${style.bold("Environment")}  SIGNET_ISSUER  SIGNET_REQUEST_TOKEN  SIGNET_ADMIN_TOKEN`,
    `${style.bold("Help")}         signet COMMAND --help shows options and examples`,
    "",
  ].join("\n");
}

function describe(command: Command): string {
  const names = command.commands.map((sub) => sub.name());
  return names.length > 0 ? `${command.summary()}: ${names.join(", ")}` : command.summary();
}
