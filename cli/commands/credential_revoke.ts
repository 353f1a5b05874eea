import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, confirm, requireAdmin } from "../context.ts";

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

/** `signet credential revoke <workload> <credential>` */
export function credentialRevokeCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "revoke <workload> <credential>",
    summary: "Make a credential useless at once",
    more: "In force on every isolate within 60 s; tokens already issued run out by themselves.",
    examples: [
      ["signet credential list web", "shows the ids"],
      ["signet credential revoke web 01JD… --yes", "for scripts: does not ask"],
    ],
  }).option("--yes", "do not ask");
  return withIssuer(command).action((workload: string, credential: string, options: Options) =>
    revokeCredential(context, { workload, credential, options })
  );
}

async function revokeCredential(
  context: CliContext,
  { workload, credential, options }: { workload: string; credential: string; options: Options },
): Promise<void> {
  const admin = requireAdmin(context, options);
  await confirm(context, {
    question: `Revoke credential ${credential} of workload ${workload}?`,
    yes: options.yes,
  });
  await admin.send({
    method: "DELETE",
    path: adminPath("workloads", workload, "credentials", credential),
  });
  if (options.json) return context.out.json({ revoked: credential });
  context.out.line(`${context.out.style.green("Revoked")} credential ${credential} of ${workload}`);
}
