import type { Command } from "commander";
import type { AdminClient } from "../admin_client.ts";
import type { WorkloadView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin, withProgress } from "../context.ts";

interface Page {
  readonly workloads: readonly WorkloadView[];
  readonly next: string | null;
}

/** `signet workload list` */
export function workloadListCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "list",
    summary: "List all workloads",
    examples: [
      ["signet workload list", "a table"],
      ["signet workload list --json | jq -r '.workloads[].id'", "the ids alone"],
    ],
  });
  return withIssuer(command).action((options: CommonOptions) => listWorkloads(context, options));
}

async function listWorkloads(context: CliContext, options: CommonOptions): Promise<void> {
  const admin = requireAdmin(context, options);
  const workloads = await withProgress(context, {
    text: "Reading the workloads",
    work: () => readAll(admin),
  });
  const { out } = context;
  if (options.json) return out.json({ workloads });
  if (workloads.length === 0) {
    out.line("There are no workloads yet.");
    return out.note("next:  signet workload add --help");
  }
  out.table({
    head: ["ID", "SUBJECT", "AUDIENCES"],
    rows: workloads.map((w) => [w.id, w.subject, w.audiences.join(" ") || "none"]),
  });
}

async function readAll(admin: AdminClient): Promise<WorkloadView[]> {
  const workloads: WorkloadView[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { body }: { body: Page } = await admin.send<Page>({
      path: `/workloads?limit=100${query}`,
    });
    workloads.push(...body.workloads);
    cursor = body.next ?? null;
  }
  return workloads;
}
