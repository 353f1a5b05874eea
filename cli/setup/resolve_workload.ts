import type { SetupInput } from "../../setup/types.ts";
import { adminPath } from "../admin_client.ts";
import type { WorkloadView } from "../admin_types.ts";
import { type CliContext, requireAdmin, requireIssuer } from "../context.ts";
import { CliError } from "../errors.ts";
import type { DeploymentOptions, SetupOptions } from "./options.ts";

/** Whom a plan is for, and the registered workload where the issuer was asked. */
export interface ResolvedWorkload {
  readonly input: SetupInput;
  readonly registered: WorkloadView | undefined;
}

/** The workload by its names, or as the issuer knows it. @throws {CliError} when neither is there. */
export async function resolveWorkload(
  context: CliContext,
  options: DeploymentOptions,
): Promise<ResolvedWorkload> {
  const issuer = requireIssuer(context, options);
  const { subject, audience, perDeployment, reuseIssuerEntry } = options;
  const wishes = { issuer, subject, audience, perDeployment, reuseIssuerEntry };
  const { org, app, context: name } = options;
  if (org !== undefined && app !== undefined && name !== undefined) {
    return { input: { ...wishes, workload: { org, app, context: name } }, registered: undefined };
  }
  const registered = await readWorkload(context, options);
  const workload = {
    org: org ?? registered.org,
    app: app ?? registered.app,
    context: name ?? registered.context,
  };
  const renamed = Object.entries(workload).some(([key, value]) =>
    value !== registered[key as keyof typeof workload]
  );
  const own = renamed ? undefined : registered.subject;
  return { input: { ...wishes, subject: subject ?? own, workload }, registered };
}

async function readWorkload(context: CliContext, options: SetupOptions): Promise<WorkloadView> {
  const { workload } = options;
  if (workload === undefined || !context.host.env("SIGNET_ADMIN_TOKEN")) {
    throw unnamed(options);
  }
  const path = adminPath("workloads", workload);
  try {
    return (await requireAdmin(context, options).send<WorkloadView>({ path })).body;
  } catch (error) {
    if (!(error instanceof CliError && error.code === "notFound" && !error.next)) throw error;
    throw new CliError("notFound", error.message, { next: "signet workload list", cause: error });
  }
}

function unnamed(options: SetupOptions): CliError {
  const missing = (["org", "app", "context"] as const).filter((name) => !options[name]);
  const what = options.workload === undefined
    ? "Cannot tell which workload you mean"
    : `Cannot ask the issuer about workload ${options.workload}: SIGNET_ADMIN_TOKEN is not set`;
  const names = missing.map((name) => `--${name}`).join(", ");
  return new CliError("usage", what, {
    next: options.workload === undefined
      ? `Name it with --workload (needs SIGNET_ADMIN_TOKEN), or with ${names}.`
      : `export SIGNET_ADMIN_TOKEN=…, or name the workload with ${names}.`,
  });
}
