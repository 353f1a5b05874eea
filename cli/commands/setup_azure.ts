import { type Command, InvalidArgumentError, Option } from "commander";
import { type AzureSetupOptions, type AzureTarget, setupAzure } from "../../setup/azure.ts";
import { createCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { makePlan } from "../setup/make_plan.ts";
import { type SetupOptions, withSetupOptions } from "../setup/options.ts";
import { printPlan } from "../setup/print_plan.ts";
import { resolveWorkload } from "../setup/resolve_workload.ts";

type Role = { readonly role: string; readonly scope: string };

interface Options extends SetupOptions {
  readonly tenant?: string;
  readonly subscription?: string;
  readonly appName?: string;
  readonly appId?: string;
  readonly managedIdentity?: string;
  readonly resourceGroup?: string;
  readonly credentialName?: string;
  readonly role?: readonly Role[];
  readonly cloud?: AzureSetupOptions["cloud"];
}

const FLAGS = {
  tenantId: "tenant",
  subscriptionId: "subscription",
  roles: "role",
  "roles.role": "role",
  "roles.scope": "role",
  "target.displayName": "app-name",
  "target.name": "managed-identity",
  target: "app-name",
};

/** `signet setup azure` */
export function setupAzureCommand(context: CliContext): Command {
  const ids = "--tenant $TENANT --subscription $SUB";
  const command = createCommand({
    usage: "azure",
    summary: "A federated credential of an Entra application or managed identity",
    more: "Without a target an application named signet-{app}-{context} is made.",
    examples: [
      [`signet setup azure --workload web ${ids}`, "an application of its own"],
      [
        `signet setup azure --workload web ${ids} \\\n` +
        "    --managed-identity web --resource-group prod",
        "a managed identity",
      ],
      [
        `signet setup azure --workload web ${ids} \\\n` +
        '    --role "Storage Blob Data Reader=/subscriptions/$SUB"',
        "with a role",
      ],
    ],
  })
    .option("--tenant <uuid>", "directory (tenant) id")
    .option("--subscription <uuid>", "subscription that the commands run in")
    .option("--app-name <name>", "application to find or make")
    .option("--app-id <uuid>", "application that exists")
    .option("--managed-identity <name>", "user-assigned managed identity to find or make")
    .option("--resource-group <name>", "its resource group")
    .option("--credential-name <name>", "name of the credential (default: signet-{app}-{context})")
    .option("--role <role=scope>", "role to assign (repeat for more)", collectRole)
    .addOption(
      new Option("--cloud <name>", "Microsoft's cloud (default: public)")
        .choices(["public", "china", "usgov", "france", "germany", "singapore-gov"]),
    );
  return withSetupOptions(command).action((options: Options) => planAzure(context, options));
}

function collectRole(value: string, before: readonly Role[] | undefined): Role[] {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as ROLE=SCOPE.");
  return [...before ?? [], { role: value.slice(0, at), scope: value.slice(at + 1) }];
}

async function planAzure(context: CliContext, options: Options): Promise<void> {
  const { input, registered } = await resolveWorkload(context, options);
  const { app, context: name } = input.workload;
  const plan = makePlan(() =>
    setupAzure(input, {
      tenantId: options.tenant!,
      subscriptionId: options.subscription!,
      target: targetOf(options, `signet-${app}-${name}`),
      credentialName: options.credentialName,
      roles: options.role,
      cloud: options.cloud,
    }), FLAGS);
  await printPlan(context, plan, { options, registered });
}

function targetOf(options: Options, fallback: string): AzureTarget {
  const { appName: displayName, appId, managedIdentity: name, resourceGroup } = options;
  if (name === undefined && resourceGroup === undefined) {
    const unnamed = displayName === undefined && appId === undefined;
    return { kind: "app", appId, displayName: unnamed ? fallback : displayName };
  }
  if (displayName !== undefined || appId !== undefined) {
    throw new CliError("usage", "Cannot plan for an application and a managed identity at once", {
      next: "Give --app-name, --app-id, or --managed-identity with --resource-group.",
    });
  }
  return { kind: "managed-identity", name: name!, resourceGroup: resourceGroup! };
}
