import { type Command, InvalidArgumentError } from "commander";
import { createAdminClient } from "../admin_client.ts";
import { createCommand } from "../command.ts";
import { type CliContext, withProgress } from "../context.ts";
import { loadDevSecrets, saveDevSecrets } from "../dev/dev_secrets.ts";
import { registerDevWorkload } from "../dev/register_dev_workload.ts";
import { startIssuer, waitUntilReady } from "../dev/start_issuer.ts";
import { CliError } from "../errors.ts";

interface Options {
  readonly port: number;
}

/** `signet dev` */
export function devCommand(context: CliContext): Command {
  return createCommand({
    usage: "dev",
    summary: "Run an issuer on this machine, for development",
    more: "Keys, workloads and secrets stay in .signet/ between runs; delete it to start afresh. " +
      "Workload dev may ask for any audience. Clouds cannot reach it, your own services can.",
    examples: [
      ["signet dev", "on http://localhost:8000"],
      ["signet dev --port 9000", "on another port, with keys of its own"],
    ],
  })
    .option("--port <number>", "port to listen on", parsePort, 8000)
    .action((options: Options) => runDev(context, options));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("Write a number from 1 to 65535.");
  }
  return port;
}

async function runDev(context: CliContext, { port }: Options): Promise<void> {
  const { host } = context;
  const issuer = `http://localhost:${port}`;
  await refuseTakenPort(context, issuer);
  const secrets = await loadDevSecrets(host, port);
  const child = startIssuer(host, { issuer, port, secrets });
  const stop = () => child.stop();
  host.signal.addEventListener("abort", stop);
  try {
    await withProgress(context, {
      text: "Starting the issuer",
      work: () => waitUntilReady(host, { issuer, child }),
    });
    const admin = createAdminClient({ issuer, adminToken: secrets.adminToken, fetch: host.fetch });
    const ready = await registerDevWorkload(admin, secrets);
    await saveDevSecrets(host, { port, secrets: ready });
    printEnvironment(context, { issuer, ...ready });
    const code = await child.exited;
    if (!host.signal.aborted && code !== 0) {
      throw new CliError("failed", `The issuer ended with exit code ${code}`);
    }
  } finally {
    child.stop();
    await child.exited;
    host.signal.removeEventListener("abort", stop);
  }
}

async function refuseTakenPort({ host }: CliContext, issuer: string): Promise<void> {
  const answers = await host.fetch(issuer, { signal: AbortSignal.timeout(1000) })
    .then((response) => response.body?.cancel(), () => "nobody");
  if (answers === "nobody") return;
  throw new CliError("conflict", `Cannot start on ${issuer}: something answers there already`, {
    next: "Stop it, or choose another port: signet dev --port 9000",
  });
}

function printEnvironment(
  { out }: CliContext,
  values: { issuer: string; requestToken: string; adminToken: string },
): void {
  const { style } = out;
  out.line();
  out.line(`${style.green("Signet is ready")} at ${style.bold(values.issuer)}  (Ctrl+C stops it)`);
  out.line();
  out.line("Paste this where your app runs:");
  out.line();
  out.line(`export SIGNET_ISSUER=${values.issuer}`);
  out.line(`export SIGNET_REQUEST_TOKEN=${values.requestToken}`);
  out.line();
  out.line("And this where you manage the issuer:");
  out.line();
  out.line(`export SIGNET_ADMIN_TOKEN=${values.adminToken}`);
  out.line();
  out.line("Then try:      deno task signet token --audience sts.amazonaws.com");
  out.line(`In a browser:  ${values.issuer}  and  ${values.issuer}/console`);
  out.line();
}
