import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { WorkloadView } from "../admin_types.ts";
import { collect, createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { CliError } from "../errors.ts";
import { printWorkload } from "../print_workload.ts";
import { readWorkload, withWorkloadOptions, type WorkloadOptions } from "./workload_options.ts";

interface Options extends CommonOptions, WorkloadOptions {
  readonly addAudience?: readonly string[];
  readonly removeAudience?: readonly string[];
  readonly removeClaim?: readonly string[];
}

/** `signet workload update <id>` */
export function workloadUpdateCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "update <id>",
    summary: "Change a workload",
    more: "--audience replaces the whole list; --claim sets one claim. A change that somebody " +
      "else makes at the same moment is never overwritten: the command stops instead.",
    examples: [
      ["signet workload update web --add-audience vault", "one audience more"],
      ["signet workload update web --claim team=payments --max-ttl 15m", "a claim, a lifetime"],
      ["signet workload update web --remove-claim team", "a claim less"],
    ],
  })
    .option("--add-audience <pattern>", "one audience more (repeat for more)", collect)
    .option("--remove-audience <pattern>", "one audience less (repeat for more)", collect)
    .option("--remove-claim <name>", "one claim less (repeat for more)", collect);
  return withIssuer(withWorkloadOptions(command))
    .action((id: string, options: Options) => updateWorkload(context, id, options));
}

async function updateWorkload(context: CliContext, id: string, options: Options): Promise<void> {
  const admin = requireAdmin(context, options);
  const path = adminPath("workloads", id);
  const { body: before, etag } = await admin.send<WorkloadView>({ path });
  const patch = await createPatch(context, { before, options });
  if (Object.keys(patch).length === 0) {
    throw new CliError("usage", "Nothing to change: no option names a change", {
      next: "signet workload update --help",
    });
  }
  const { body } = await admin.send<WorkloadView>({
    method: "PATCH",
    path,
    body: patch,
    ifMatch: etag ?? "*",
  });
  if (options.json) return context.out.json(body);
  context.out.line(`${context.out.style.green("Changed")} workload ${context.out.style.bold(id)}`);
  context.out.line();
  printWorkload(context.out, body);
}

async function createPatch(
  context: CliContext,
  { before, options }: { before: WorkloadView; options: Options },
): Promise<Record<string, unknown>> {
  const patch = await readWorkload(context, options);
  const removedClaims = (options.removeClaim ?? []).map((name) => [name, null]);
  if (removedClaims.length > 0) {
    patch.claims = { ...patch.claims as object, ...Object.fromEntries(removedClaims) };
  }
  if (options.addAudience || options.removeAudience) {
    const base = (patch.audiences ?? before.audiences) as readonly string[];
    const wanted = new Set([...base, ...options.addAudience ?? []]);
    for (const audience of options.removeAudience ?? []) wanted.delete(audience);
    patch.audiences = [...wanted];
  }
  return patch;
}
