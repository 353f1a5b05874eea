import type { Command } from "commander";
import type { ExplainView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import { type CliContext, type CommonOptions, requireAdmin, withProgress } from "../context.ts";
import { CliError } from "../errors.ts";
import { printDraftVerdict, printVerdict } from "../print_verdict.ts";
import { readJson, readToken } from "../read_json.ts";

interface Options extends CommonOptions {
  readonly rule?: string;
}

/** Reasons of the issuer for what it could not even read. */
const UNREAD = ["token_malformed", "token_too_large", "header_invalid"];

/** `signet explain <token>` */
export function explainCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "explain <token>",
    summary: "Why a platform's token is accepted or refused",
    more: "The issuer compares it with every trust rule and says which came nearest. With --rule " +
      "it tries a rule that is not saved yet, and says of every condition whether it holds. " +
      "Nothing is minted, saved or used up. Use - to read the token from stdin, so that it stays " +
      "out of the shell history.",
    examples: [
      ["signet explain - < token.txt", "which stored rule it meets, or nearly meets"],
      ["signet explain - --rule rule.json < token.txt", "a rule before it is saved"],
    ],
  }).option("--rule <file>", "try this trust rule, or preset and parameters, as JSON");
  return withIssuer(command).action((token: string, options: Options) =>
    explainToken(context, token, options)
  );
}

async function explainToken(
  context: CliContext,
  argument: string,
  options: Options,
): Promise<void> {
  const admin = requireAdmin(context, options);
  const rule = options.rule === undefined ? undefined : await readRule(context, {
    ...{ path: options.rule, token: argument },
  });
  const token = await readToken(context, argument);
  const { body } = await withProgress(context, {
    text: "Asking the issuer, which may have to ask the platform for its keys",
    work: () =>
      admin.send<ExplainView>({ method: "POST", path: "/explain", body: { token, rule } }),
  });
  if (options.json) context.out.json(body);
  else if (rule !== undefined) printDraftVerdict(context, body);
  else printVerdict(context, body);
  if (body.verdict !== "accepted") {
    throw refusal(body, { isJson: options.json, rule: options.rule });
  }
}

async function readRule(
  context: CliContext,
  { path, token }: { path: string; token: string },
): Promise<unknown> {
  if (path === "-" && token === "-") {
    throw new CliError("usage", "Cannot read both the token and the rule from stdin", {
      next: "signet explain - --rule rule.json < token.txt",
    });
  }
  const value = await readJson(context, path);
  if (!Array.isArray(value)) return value;
  if (value.length === 1) return value[0];
  throw new CliError("usage", `Cannot try ${path}: it holds ${value.length} rules, not one`, {
    next: "Put the rule that you mean into a file of its own.",
  });
}

function refusal(
  body: ExplainView,
  { isJson, rule }: { isJson?: boolean; rule?: string },
): CliError {
  if (isJson) return new CliError("failed", "The token is refused");
  const why = body.detail?.replace(/^Cannot accept platform token: /, "") ?? body.reason;
  const shown = rule !== undefined && body.reason === "no_rule_matches"
    ? "the rule does not accept its claims"
    : why ?? "no rule accepts it";
  const stored = body.nearest
    ? `signet workload show ${body.nearest.workload}`
    : UNREAD.includes(body.reason ?? "")
    ? "Pass the platform's token as it came: three parts with dots between them."
    : "signet workload list";
  const next = rule === undefined ? stored : adviceFor(body, rule);
  return new CliError("failed", `The token is refused: ${shown}`, { next });
}

function adviceFor({ conditions = [] }: ExplainView, rule: string): string | undefined {
  if (conditions.every(({ matches }) => matches)) return undefined;
  const what = rule === "-" ? "the rule" : rule;
  return `Change ${what}, or let the platform mint another token; then try again.`;
}
