import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { WorkloadView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { printWorkload } from "../print_workload.ts";

/** `signet workload show <id>` */
export function workloadShowCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "show <id>",
    summary: "Show one workload in full",
    examples: [
      ["signet workload show web", "subject, audiences, claims and trust rules"],
      ["signet workload show web --json > web.json", "keep it in git"],
    ],
  });
  return withIssuer(command).action((id: string, options: CommonOptions) =>
    showWorkload(context, id, options)
  );
}

async function showWorkload(
  context: CliContext,
  id: string,
  options: CommonOptions,
): Promise<void> {
  const { body } = await requireAdmin(context, options)
    .send<WorkloadView>({ path: adminPath("workloads", id) });
  if (options.json) return context.out.json(body);
  context.out.line(`Workload ${context.out.style.bold(id)}`);
  context.out.line();
  printWorkload(context.out, body);
}
