import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { WorkloadView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { CliError } from "../errors.ts";
import { printWorkload } from "../print_workload.ts";
import { readWorkload, withWorkloadOptions, type WorkloadOptions } from "./workload_options.ts";

interface Options extends CommonOptions, WorkloadOptions {
  readonly org?: string;
  readonly app?: string;
  readonly context?: string;
  readonly reuseSubjectOf?: string;
}

/** `signet workload add <id>` */
export function workloadAddCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "add <id>",
    summary: "Register a program that may get tokens",
    more: "Its subject is deployment:{org}/{app}/{context}; these three can never change.",
    examples: [
      [
        "signet workload add web --org acme --app web --context production \\\n" +
        "      --audience sts.amazonaws.com --audience 'https://api.acme.test/*'",
        "a workload that may ask for two audiences",
      ],
      ["signet workload add web --file web.json", "the same from a file kept in git"],
    ],
  })
    .option("--org <name>", "organization")
    .option("--app <name>", "application")
    .option("--context <name>", "context, such as production")
    .option("--reuse-subject-of <id>", "take over the subject of a removed workload");
  return withIssuer(withWorkloadOptions(command))
    .action((id: string, options: Options) => addWorkload(context, id, options));
}

async function addWorkload(context: CliContext, id: string, options: Options): Promise<void> {
  refuseMissingNames(options, id);
  const body = {
    ...await readWorkload(context, options),
    id,
    ...(options.org !== undefined && { org: options.org }),
    ...(options.app !== undefined && { app: options.app }),
    ...(options.context !== undefined && { context: options.context }),
    ...(options.reuseSubjectOf !== undefined && { reuseSubjectOf: options.reuseSubjectOf }),
  };
  const { body: workload } = await requireAdmin(context, options)
    .send<WorkloadView>({ method: "POST", path: adminPath("workloads"), body })
    .catch((error) => {
      throw isTaken(error) ? withAdvice(error, id) : error;
    });
  const { out } = context;
  if (options.json) return out.json(workload);
  out.line(`${out.style.green("Added")} workload ${out.style.bold(id)}`);
  out.line();
  printWorkload(out, workload);
  out.note();
  const isOfUse = workload.audiences.length > 0;
  const next = isOfUse ? `credential add ${id}` : `workload update ${id} --add-audience <audience>`;
  out.note(`next:  signet ${next}`);
}

/** Without a file the options are all there is. */
function refuseMissingNames({ file, org, app, context }: Options, id: string): void {
  if (file !== undefined) return;
  const missing = Object.entries({ org, app, context }).filter(([, value]) => value === undefined)
    .map(([name]) => `--${name}`);
  if (missing.length === 0) return;
  throw new CliError("usage", `Cannot add workload ${id}: missing ${missing.join(", ")}`, {
    next: `signet workload add ${id} --org acme --app web --context production`,
  });
}

function isTaken(error: unknown): error is CliError {
  return error instanceof CliError && error.code === "conflict" && error.next === undefined;
}

/** The API's advice is for who speaks HTTP. */
function withAdvice({ message, details, cause }: CliError, id: string): CliError {
  const exists = message.endsWith("; change it by PATCH");
  return new CliError("conflict", message.replace("; change it by PATCH", " already"), {
    ...{ details, cause },
    next: exists ? `signet workload update ${id} --help` : "signet workload list",
  });
}
