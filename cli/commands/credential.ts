import type { Command } from "commander";
import { createGroup } from "../command.ts";
import type { CliContext } from "../context.ts";
import { credentialAddCommand } from "./credential_add.ts";
import { credentialListCommand } from "./credential_list.ts";
import { credentialRevokeCommand } from "./credential_revoke.ts";

/** `signet credential …` */
export function credentialCommand(context: CliContext): Command {
  return createGroup({
    usage: "credential",
    summary: "How a workload proves itself",
    examples: [["signet credential add web", "a request token"], [
      "signet credential list web",
      "what it has",
    ]],
  }, [
    credentialAddCommand(context),
    credentialListCommand(context),
    credentialRevokeCommand(context),
  ]);
}
