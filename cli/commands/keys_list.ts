import type { Command } from "commander";
import type { KeyView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { printKeys } from "../print_keys.ts";

/** `signet keys list` */
export function keysListCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "list",
    summary: "List the signing keys and what happens to each next",
    more: "published: in the JWKS, not signing yet    active: signs now\n" +
      "retired: verifies what it signed           compromised: refused from now on",
    examples: [["signet keys list", "one line per key"]],
  });
  return withIssuer(command).action(async (options: CommonOptions) => {
    const { body } = await requireAdmin(context, options)
      .send<{ keys: readonly KeyView[] }>({ path: "/keys" });
    return options.json ? context.out.json(body) : printKeys(context, body.keys);
  });
}
