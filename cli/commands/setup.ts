import type { Command } from "commander";
import { createGroup } from "../command.ts";
import type { CliContext } from "../context.ts";
import { setupAwsCommand } from "./setup_aws.ts";
import { setupAzureCommand } from "./setup_azure.ts";
import { setupGcpCommand } from "./setup_gcp.ts";
import { setupKubernetesCommand } from "./setup_kubernetes.ts";
import { setupVaultCommand } from "./setup_vault.ts";

/** `signet setup …` */
export function setupCommand(context: CliContext): Command {
  return createGroup({
    usage: "setup",
    summary: "Make others trust a workload",
    more: "Prints what makes one vendor trust one workload: commands or Terraform, always with " +
      "audience and subject. Nothing is run for you; running it twice changes nothing.",
    examples: [
      ["signet setup aws --workload web --account 123456789012", "plan, commands, code"],
      ["signet setup vault --workload web --format terraform > vault.tf", "Terraform"],
      ["signet setup aws --help", "the options of one vendor"],
    ],
  }, [
    setupAwsCommand(context),
    setupGcpCommand(context),
    setupAzureCommand(context),
    setupVaultCommand(context),
    setupKubernetesCommand(context),
  ]);
}
