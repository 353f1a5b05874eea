import { type Command, Option } from "commander";
import { withIssuer } from "../command.ts";
import type { CommonOptions } from "../context.ts";

/** What every `signet setup …` command takes. */
export interface SetupOptions extends CommonOptions {
  readonly workload?: string;
  readonly org?: string;
  readonly app?: string;
  readonly context?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly reuseIssuerEntry?: boolean;
  readonly format?: "cli" | "terraform" | "json";
  readonly show?: string;
  readonly out?: string;
}

/** What the commands of vendors that can admit the deployments of a workload take besides. */
export interface DeploymentOptions extends SetupOptions {
  readonly perDeployment?: boolean;
}

/** Adds {@linkcode SetupOptions} to a command, after the vendor's own options. */
export function withSetupOptions(command: Command): Command {
  command
    .option("--workload <id>", "the workload; its names are asked of the issuer")
    .option("--org <name>", "its organization, where no admin token is set")
    .option("--app <name>", "its application")
    .option("--context <name>", "its context, such as production")
    .option("--subject <text>", "subject to admit (default: the workload's)")
    .option("--audience <name>", "audience to admit (default: the vendor's)")
    .option("--reuse-issuer-entry", "Terraform: look the issuer up; another state made it")
    .addOption(
      new Option("--format <name>", "what goes to stdout (default: cli)")
        .choices(["cli", "terraform", "json"]),
    )
    .option("--show <file>", "print one file of the plan instead")
    .option("--out <directory>", "write everything there; nothing is overwritten");
  return withIssuer(command);
}

/** Adds `--per-deployment`. */
export function withDeployments(command: Command): Command {
  return command.option("--per-deployment", "admit also subjects that end in /{deployment}");
}
