import { Argument, type Command } from "commander";
import type { DoctorReport } from "../../doctor/run_doctor.ts";
import { runDoctor } from "../../doctor/run_doctor.ts";
import type { SetupVendor } from "../../setup/types.ts";
import { createCommand } from "../command.ts";
import { type CliContext, requireIssuer, withProgress } from "../context.ts";
import { explainText } from "../doctor/explain_text.ts";
import { formatReport } from "../doctor/format_report.ts";
import { type DoctorOptions, requireVendors, withDoctorOptions } from "../doctor/options.ts";
import { collectProbes } from "../doctor/probes.ts";
import { CliError } from "../errors.ts";
import { chooseSymbols } from "../symbols.ts";
import { wrapWords } from "../table.ts";

const VENDORS: readonly SetupVendor[] = ["aws", "gcp", "azure", "vault", "kubernetes"];

/** `signet doctor [vendor…]` */
export function doctorCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "doctor",
    summary: "What a vendor would say to your issuer, and to its tokens",
    more: "Reads discovery, keys and certificate as the vendor does. With a vendor and " +
      "SIGNET_REQUEST_TOKEN it judges a token too; where it is told how, it logs in, and shows that another " +
      "workload cannot. It changes nothing. Exit code 1 when a check fails.",
    examples: [
      ["signet doctor", "the issuer alone"],
      ["signet doctor aws vault", "as AWS and Vault see it"],
      [
        "signet doctor aws --role-arn arn:aws:iam::123456789012:role/web \\\n" +
        "    --other-token-env OTHER_REQUEST_TOKEN",
        "log in, and be refused as another workload",
      ],
      [
        'signet doctor --explain "AADSTS700213: No matching federated identity record"',
        "what an error means",
      ],
    ],
  });
  command.addArgument(
    new Argument("[vendor...]", "whom to ask besides (default: nobody)").choices([...VENDORS]),
  );
  return withDoctorOptions(command).action((vendors: SetupVendor[], options: DoctorOptions) =>
    options.explain === undefined ? examine(context, vendors, options) : explainText(context, {
      text: options.explain,
      vendors: vendors.length > 0 ? vendors : VENDORS,
      json: options.json,
    })
  );
}

async function examine(
  context: CliContext,
  vendors: readonly SetupVendor[],
  options: DoctorOptions,
): Promise<void> {
  const issuer = requireIssuer(context, options);
  requireVendors(options, vendors);
  const { host, out } = context;
  const { report, hints } = await withProgress(context, {
    text: `Examining ${issuer}`,
    work: async () => {
      const probes = await collectProbes(context, { issuer, vendors, options });
      const { fetch, now, readTlsChain } = host;
      const report = await runDoctor({
        ...{ issuer, fetch, now, readTlsChain },
        vendors: probes.vendors,
      });
      return { report, hints: probes.hints };
    },
  });
  if (options.json) out.json(report);
  else printReport(context, report, vendors.length === 0 ? [NO_VENDOR] : hints);
  if (!report.healthy) throw unhealthy(report);
}

const NO_VENDOR = `As a vendor sees it: signet doctor ${VENDORS.join("|")}`;

function printReport({ out, host }: CliContext, report: DoctorReport, hints: readonly string[]) {
  const width = Math.min(Number.isFinite(out.width) ? out.width : 80, 100);
  const layout = { width, style: out.style, symbols: chooseSymbols(host.env) };
  formatReport(report, layout).forEach((line) => out.line(line));
  if (hints.length > 0) out.note();
  hints.flatMap((hint) => wrapWords(hint, width)).forEach((line) => out.note(line));
}

function unhealthy({ checks }: DoctorReport): CliError {
  const failed = checks.filter(({ status }) => status === "fail").map(({ id }) => id);
  const count = failed.length === 1 ? "1 check" : `${failed.length} checks`;
  return new CliError("failed", `${count} failed: ${failed.join(", ")}`);
}
