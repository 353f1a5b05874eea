import type { Command } from "commander";
import { createGroup } from "../command.ts";
import type { CliContext } from "../context.ts";
import { workloadAddCommand } from "./workload_add.ts";
import { workloadListCommand } from "./workload_list.ts";
import { workloadRemoveCommand } from "./workload_remove.ts";
import { workloadShowCommand } from "./workload_show.ts";
import { workloadUpdateCommand } from "./workload_update.ts";

/** `signet workload …` */
export function workloadCommand(context: CliContext): Command {
  return createGroup({
    usage: "workload",
    summary: "Programs that may get tokens",
    examples: [["signet workload add --help", "how to register one"], [
      "signet workload list",
      "all of them",
    ]],
  }, [
    workloadAddCommand(context),
    workloadListCommand(context),
    workloadShowCommand(context),
    workloadUpdateCommand(context),
    workloadRemoveCommand(context),
  ]);
}
