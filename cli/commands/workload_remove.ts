import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, confirm, requireAdmin } from "../context.ts";

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

/** `signet workload remove <id>` */
export function workloadRemoveCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "remove <id>",
    summary: "Remove a workload and its credentials",
    more: "It gets no token any more; tokens it holds stay valid until they expire. " +
      "Neither its id nor its subject is given to another workload by accident.",
    examples: [
      ["signet workload remove web", "asks first"],
      ["signet workload remove web --yes", "for scripts"],
    ],
  }).option("--yes", "do not ask");
  return withIssuer(command).action((id: string, options: Options) =>
    removeWorkload(context, id, options)
  );
}

async function removeWorkload(context: CliContext, id: string, options: Options): Promise<void> {
  const admin = requireAdmin(context, options);
  await confirm(context, {
    question: `Remove workload ${id} and all its credentials?`,
    yes: options.yes,
  });
  await admin.send({ method: "DELETE", path: adminPath("workloads", id) });
  if (options.json) return context.out.json({ removed: id });
  context.out.line(`${context.out.style.green("Removed")} workload ${context.out.style.bold(id)}`);
}
