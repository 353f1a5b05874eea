import { type Command, InvalidArgumentError } from "commander";
import { type AuditQuery, readAudit } from "../audit_query.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin, withProgress } from "../context.ts";
import { formatMoment } from "../duration.ts";

type Options = CommonOptions & AuditQuery;

/** `signet audit` */
export function auditCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "audit",
    summary: "Who changed what, newest first",
    more: "Filters join by and. In --actor, --action and --target a * at the start or the end " +
      "stands for any text. A time is 7d (ago), 2026-01-31 or 2026-01-31T08:00:00Z.",
    examples: [
      ["signet audit", "the last 20 changes"],
      ["signet audit --workload web --since 30d", "one workload, in the last 30 days"],
      ["signet audit --action 'credential.*' --actor '*acme/web*'", "who handed out credentials"],
      ["signet audit --limit 200 --json", "more of them, with the state before and after"],
    ],
  })
    .option("--actor <pattern>", "who did it, such as admin-token")
    .option("--action <pattern>", "what was done, such as workload.create")
    .option("--workload <id>", "to which workload")
    .option("--target <pattern>", "to what, such as key:*")
    .option("--since <time>", "not earlier than this")
    .option("--until <time>", "earlier than this")
    .option("--limit <count>", "how many, 1 to 200", parseLimit, 20)
    .option("--cursor <text>", "go on where an earlier call ended");
  return withIssuer(command).action((options: Options) => showAudit(context, options));
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new InvalidArgumentError("Write a number from 1 to 200.");
  }
  return limit;
}

async function showAudit(context: CliContext, options: Options): Promise<void> {
  const admin = requireAdmin(context, options);
  const page = await withProgress(context, {
    text: "Searching the audit log",
    work: () => readAudit(admin, { query: options, now: context.host.now() }),
  });
  const { out } = context;
  if (options.json) return out.json(page);
  if (page.events.length === 0) {
    return out.line(
      isFiltered(options) ? "No change meets these filters." : "Nothing was changed yet.",
    );
  }
  out.table({
    head: ["WHEN (UTC)", "WHO", "DID", "TO"],
    rows: page.events.map((e) => [formatMoment(e.at), text(e.actor), e.action, text(e.target)]),
  });
  if (page.next) out.note(`more:  the same command with --cursor ${page.next}`);
}

function isFiltered(query: AuditQuery): boolean {
  const { actor, action, workload, target, since, until, cursor } = query;
  return [actor, action, workload, target, since, until, cursor].some((part) => part !== undefined);
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "-" : Object.values(value).map(String).join(" ");
}
