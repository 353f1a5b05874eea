import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { CredentialView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { formatMoment, formatWhen } from "../duration.ts";

/** `signet credential list <workload>` */
export function credentialListCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "list <workload>",
    summary: "List a workload's credentials (never a secret)",
    examples: [["signet credential list web", "ids, kinds and expiry"]],
  });
  return withIssuer(command).action((workload: string, options: CommonOptions) =>
    listCredentials(context, workload, options)
  );
}

async function listCredentials(
  context: CliContext,
  workload: string,
  options: CommonOptions,
): Promise<void> {
  const path = adminPath("workloads", workload, "credentials");
  const { body } = await requireAdmin(context, options)
    .send<{ credentials: readonly CredentialView[] }>({ path });
  const { out, host } = context;
  if (options.json) return out.json(body);
  if (body.credentials.length === 0) {
    out.line(`Workload ${workload} has no credentials.`);
    return out.note(`next:  signet credential add ${workload}`);
  }
  out.table({
    head: ["ID", "KIND", "MADE (UTC)", "EXPIRES", "FOR"],
    rows: body.credentials.map((c) => [
      c.id,
      c.type === "request_token" ? "request token" : "public key",
      formatMoment(c.createdAt),
      c.expiresAt ? formatWhen(c.expiresAt, host.now()) : "never",
      [c.deployment ?? "", ...(c.audiences ?? [])].filter(Boolean).join(" ") || "all it may",
    ]),
  });
}
