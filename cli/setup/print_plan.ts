import { allowsAudience } from "../../issuer/audience.ts";
import type { SetupPlan } from "../../setup/types.ts";
import type { WorkloadView } from "../admin_types.ts";
import type { CliContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { createStyle, printable, wantsColor } from "../style.ts";
import { planFoot, planHead } from "./describe_plan.ts";
import type { SetupOptions } from "./options.ts";
import { planFiles, writeFiles } from "./write_plan.ts";

/** What is printed with a plan. */
export interface PlanPrint {
  readonly options: SetupOptions;
  readonly registered: WorkloadView | undefined;
  /** Further things to know. Default: none. */
  readonly remarks?: readonly string[];
}

/**
 * Prints or writes a plan. The commands, the Terraform or the JSON alone go to stdout, so that they
 * can be kept in a file; what a person has to know goes to stderr around it.
 */
export async function printPlan(
  context: CliContext,
  plan: SetupPlan,
  print: PlanPrint,
): Promise<void> {
  const { out, host } = context;
  const { options } = print;
  if (options.show !== undefined) return out.line(fileOf(plan, options.show).trimEnd());
  const format = options.json ? "json" : options.format;
  if (format === "json" && options.out === undefined) return out.json(plan);
  const style = createStyle(wantsColor(host.stderr.isTerminal, host.env));
  const layout = { width: Math.min(host.stderr.columns ?? 80, 100), style };
  planHead(plan, layout).forEach((line) => out.note(printableLine(line)));
  if (options.out === undefined) {
    const what = format === "terraform" ? "Terraform" : "Commands";
    out.note();
    // In a pipe or a file the text is elsewhere, so a title above nothing would mislead.
    if (host.stdout.isTerminal) out.note(`${style.bold(what)}, to read and run`);
    else out.note(`${style.bold(what)}: on stdout, to read and run`);
    if (host.stdout.isTerminal) out.note();
    out.line((format === "terraform" ? plan.terraform : plan.cli).trimEnd());
  } else {
    out.note();
    await writeFiles(context, { directory: options.out, files: planFiles(plan, format) });
  }
  const remarks = [...registrationRemarks(plan, print.registered), ...print.remarks ?? []];
  const written = options.out !== undefined;
  planFoot(plan, { ...layout, remarks, written }).forEach((line) => out.note(printableLine(line)));
}

/** Our own paint stays; what came from elsewhere cannot move the cursor. */
function printableLine(line: string): string {
  // deno-lint-ignore no-control-regex -- the escape character is what is looked for
  return line.split(/(\x1b\[\d+m)/).map((part, i) => i % 2 === 0 ? printable(part) : part).join("");
}

function fileOf(plan: SetupPlan, name: string): string {
  const files = planFiles(plan);
  const file = files.find((candidate) => candidate.name === name);
  if (file) return file.contents;
  throw new CliError("usage", `Cannot show ${name}: the plan has no such file`, {
    next: `It has ${files.map((candidate) => candidate.name).join(", ")}.`,
  });
}

/** What the issuer would refuse although the vendor is willing. */
function registrationRemarks(plan: SetupPlan, registered: WorkloadView | undefined): string[] {
  if (registered === undefined) return [];
  const { id, audiences, maxTtlSeconds } = registered;
  const allowed = allowsAudience(audiences, plan.audience);
  return [
    ...(allowed ? [] : [
      `Workload ${id} may not ask for this audience yet: signet workload update ${id} --add-audience ${plan.audience}`,
    ]),
    ...(plan.vendor === "gcp" && maxTtlSeconds < 3600
      ? [
        `Tokens of workload ${id} live at most ${maxTtlSeconds} s, and Google's end with them: signet workload update ${id} --max-ttl 1h`,
      ]
      : []),
  ];
}
