import type { Command } from "commander";
import { createGroup } from "../command.ts";
import type { CliContext } from "../context.ts";
import { keysListCommand } from "./keys_list.ts";
import { keysRevokeCommand } from "./keys_revoke.ts";
import { keysRotateCommand } from "./keys_rotate.ts";

/** `signet keys …` */
export function keysCommand(context: CliContext): Command {
  return createGroup({
    usage: "keys",
    summary: "Signing keys",
    examples: [["signet keys list", "who signs, and what comes next"]],
  }, [
    keysListCommand(context),
    keysRotateCommand(context),
    keysRevokeCommand(context),
  ]);
}
