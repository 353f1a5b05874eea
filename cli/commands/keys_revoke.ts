import type { Command } from "commander";
import { adminPath } from "../admin_client.ts";
import type { KeyView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, confirm, requireAdmin } from "../context.ts";
import { CliError } from "../errors.ts";
import { printKeys } from "../print_keys.ts";

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

interface Answer {
  readonly keys: readonly KeyView[];
}

/** `signet keys revoke <kid>` */
export function keysRevokeCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "revoke <kid>",
    summary: "Kill one signing key at once",
    more: "Out of the JWKS within 60 s. A relying party that cached the JWKS goes on trusting " +
      "the key until its cache ends. The first characters of the key id are enough.",
    examples: [["signet keys revoke NzbLsXh8 --yes", "for scripts: does not ask"]],
  }).option("--yes", "do not ask");
  return withIssuer(command).action((kid: string, options: Options) =>
    revokeKey(context, kid, options)
  );
}

async function revokeKey(context: CliContext, prefix: string, options: Options): Promise<void> {
  const admin = requireAdmin(context, options);
  const { body: before } = await admin.send<Answer>({ path: "/keys" });
  const key = findKey(before.keys, prefix);
  await confirm(context, {
    question: `Kill ${key.alg} key ${key.kid} (${key.state})? Tokens it signed will be refused.`,
    yes: options.yes,
  });
  const { body } = await admin.send<Answer>({
    method: "DELETE",
    path: adminPath("keys", key.kid),
  });
  if (options.json) return context.out.json(body);
  context.out.line(`${context.out.style.green("Killed")} key ${key.kid}`);
  context.out.line();
  printKeys(context, body.keys);
}

function findKey(keys: readonly KeyView[], prefix: string): KeyView {
  const found = keys.filter((key) => key.kid.startsWith(prefix));
  if (found.length === 1) return found[0]!;
  throw new CliError(
    found.length === 0 ? "notFound" : "usage",
    found.length === 0
      ? `Cannot revoke ${prefix}: no key id starts so`
      : `Cannot revoke ${prefix}: ${found.length} key ids start so`,
    { next: "signet keys list" },
  );
}
