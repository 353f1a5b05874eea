import { type Command, InvalidArgumentError } from "commander";
import type { AuditEventView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { formatMoment } from "../duration.ts";

interface Options extends CommonOptions {
  readonly limit: number;
  readonly cursor?: string;
}

interface Page {
  readonly events: readonly AuditEventView[];
  readonly next: string | null;
}

/** `signet audit` */
export function auditCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "audit",
    summary: "Who changed what, newest first",
    examples: [
      ["signet audit", "the last 20 changes"],
      ["signet audit --limit 200 --json", "more of them, with the state before and after"],
    ],
  })
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
  const cursor = options.cursor ? `&cursor=${encodeURIComponent(options.cursor)}` : "";
  const { body } = await requireAdmin(context, options)
    .send<Page>({ path: `/audit?limit=${options.limit}${cursor}` });
  const { out } = context;
  if (options.json) return out.json(body);
  if (body.events.length === 0) return out.line("Nothing was changed yet.");
  out.table({
    head: ["WHEN (UTC)", "WHO", "DID", "TO"],
    rows: body.events.map((e) => [formatMoment(e.at), text(e.actor), e.action, text(e.target)]),
  });
  if (body.next) out.note(`more:  signet audit --cursor ${body.next}`);
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "-" : Object.values(value).map(String).join(" ");
}
