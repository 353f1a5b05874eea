import { type Command, Option } from "commander";
import { type GcpSetupOptions, setupGcp } from "../../setup/gcp.ts";
import { collect, createCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { readJson } from "../read_json.ts";
import { makePlan } from "../setup/make_plan.ts";
import { type SetupOptions, withSetupOptions } from "../setup/options.ts";
import { printPlan } from "../setup/print_plan.ts";
import { resolveWorkload } from "../setup/resolve_workload.ts";

interface Options extends SetupOptions {
  readonly project?: string;
  readonly projectNumber?: string;
  readonly pool?: string;
  readonly provider?: string;
  readonly serviceAccount?: string;
  readonly role?: readonly string[];
  readonly admit?: GcpSetupOptions["admit"];
  readonly jwks?: string;
}

const FLAGS = { projectId: "project", roles: "role" };

/** `signet setup gcp` */
export function setupGcpCommand(context: CliContext): Command {
  const project = "--project acme-prod --project-number 123456789012";
  const command = createCommand({
    usage: "gcp",
    summary: "A workload identity pool and its provider, for Google Cloud",
    more:
      "Without --service-account the workload gets roles itself (direct access); with it, the " +
      "workload acts as that account.",
    examples: [
      [
        `signet setup gcp --workload web --role roles/storage.objectViewer \\\n    ${project}`,
        "direct access to Cloud Storage",
      ],
      [
        `signet setup gcp --workload web \\\n    ${project} \\\n` +
        "    --service-account web-app@acme-prod.iam.gserviceaccount.com",
        "act as a service account",
      ],
    ],
  })
    .option("--project <id>", "project, such as acme-prod")
    .option("--project-number <number>", "its number: Google's STS takes no id")
    .option("--pool <id>", "workload identity pool (default: signet)")
    .option("--provider <id>", "provider in the pool (default: signet)")
    .option("--service-account <email>", "service account to act as (default: none)")
    .option("--role <role>", "project role to grant (repeat for more)", collect)
    .addOption(
      new Option("--admit <whom>", "whom the provider admits (default: organization)")
        .choices(["organization", "workload"]),
    )
    .option("--jwks <file>", "key set to upload, where Google cannot reach the issuer");
  return withSetupOptions(command).action((options: Options) => planGcp(context, options));
}

async function planGcp(context: CliContext, options: Options): Promise<void> {
  const { input, registered } = await resolveWorkload(context, options);
  const jwks = options.jwks === undefined ? undefined : await readJson(context, options.jwks);
  const plan = makePlan(() =>
    setupGcp(input, {
      projectId: options.project!,
      projectNumber: options.projectNumber!,
      pool: options.pool,
      provider: options.provider,
      serviceAccount: options.serviceAccount,
      roles: options.role,
      admit: options.admit,
      jwks: jwks as GcpSetupOptions["jwks"],
    }), FLAGS);
  await printPlan(context, plan, { options, registered });
}
