import type { Command } from "commander";
import type { ExplainView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin } from "../context.ts";
import { CliError } from "../errors.ts";
import { readToken } from "../read_json.ts";

/** `signet explain <token>` */
export function explainCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "explain <token>",
    summary: "Why a platform's token is accepted or refused",
    more: "The issuer compares it with every trust rule and says which came nearest. It mints " +
      "nothing. Use - to read the token from stdin, so that it stays out of the shell history.",
    examples: [["signet explain - < token.txt", "which rule it meets, or nearly meets"]],
  });
  return withIssuer(command).action((token: string, options: CommonOptions) =>
    explainToken(context, token, options)
  );
}

async function explainToken(
  context: CliContext,
  argument: string,
  options: CommonOptions,
): Promise<void> {
  const admin = requireAdmin(context, options);
  const token = await readToken(context, argument);
  const { body } = await admin.send<ExplainView>({
    method: "POST",
    path: "/explain",
    body: { token },
  });
  if (options.json) context.out.json(body);
  else printVerdict(context, body);
  if (body.verdict !== "accepted" && options.json) {
    throw new CliError("failed", "The token is refused");
  }
  if (body.verdict !== "accepted") {
    const why = body.detail?.replace(/^Cannot accept platform token: /, "") ?? body.reason;
    throw new CliError("failed", `The token is refused: ${why ?? "no rule accepts it"}`, {
      next: body.nearest ? `signet workload show ${body.nearest.workload}` : "signet workload list",
    });
  }
}

function printVerdict({ out }: CliContext, verdict: ExplainView): void {
  if (verdict.verdict === "accepted") {
    const workload = verdict.workload ?? verdict.nearest?.workload;
    return out.line(`${out.style.green("accepted")}${workload ? ` for workload ${workload}` : ""}`);
  }
  const { nearest } = verdict;
  if (!nearest) return;
  const rule = `trust rule ${nearest.rule} of workload ${nearest.workload}`;
  if (nearest.differences.length === 0) return out.line(`What it says meets ${rule}.`);
  out.line(`Nearest: ${rule}. What differs:`);
  out.line();
  out.table({
    head: ["CLAIM", "EXPECTED", "FOUND"],
    rows: nearest.differences.map((d) => [d.claim, show(d.expected), show(d.found)]),
  });
}

function show(value: unknown): string {
  return value === undefined ? "(missing)" : JSON.stringify(value);
}
