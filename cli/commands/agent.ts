import type { Command } from "commander";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { shellQuote } from "../../setup/quote.ts";
import { type AgentOptions, withAgentOptions } from "../agent/options.ts";
import { planAgent } from "../agent/plan_agent.ts";
import { programEnvironment } from "../agent/program_environment.ts";
import { type AgentParts, type RunningAgent, startAgent } from "../agent/start_agent.ts";
import { createCommand } from "../command.ts";
import { type CliContext, withProgress } from "../context.ts";
import { formatDuration } from "../duration.ts";
import { CliError, ProgramExit } from "../errors.ts";
import { idTokenFailure } from "../id_token_failure.ts";
import type { CliHost } from "../io.ts";
import { printable } from "../style.ts";
import { wrapWords } from "../table.ts";

/** `signet agent` */
export function agentCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "agent",
    summary: "Give tokens to programs that know nothing of Signet",
    more: "Keeps token files fresh for the SDKs of AWS, Azure and Google, in any language, and " +
      "serves GitHub's request protocol on this machine. Behind -- it runs one program with " +
      "the variables it needs and ends with that program's exit code.",
    examples: [
      [
        "signet agent --aws-file ~/.signet/aws -- python3 app.py",
        "one program; the files are gone when it ends",
      ],
      [
        "signet agent --aws-file /run/signet/aws --azure-file /run/signet/azure",
        "until Ctrl+C; prints the variables for other programs",
      ],
      [
        "signet agent --google-file ~/.signet/google.json -- gcloud storage ls",
        "Google's libraries and tools",
      ],
      ["signet agent --file vault=/run/signet/vault --no-listen", "any audience, no endpoint"],
    ],
  }).argument("[command...]", "program to run, behind --");
  return withAgentOptions(command).action((program: string[], options: AgentOptions) =>
    runAgent(context, program, options)
  );
}

async function runAgent(
  context: CliContext,
  program: readonly string[],
  options: AgentOptions,
): Promise<void> {
  const { host, out } = context;
  await using agent = await start(context, { program, options });
  await warnOfOpenDirectories(context, agent);
  if (program.length > 0) return await runProgram(host, program, agent);
  printEnvironment(context, agent, options);
  await ended(host.signal);
  out.note(options.keep ? "Stopped." : "Stopped; the files are removed.");
}

async function start(
  context: CliContext,
  { program, options }: { program: readonly string[]; options: AgentOptions },
): Promise<RunningAgent> {
  const { host } = context;
  const client = createIdTokenClient({
    ...{ env: host.env, fetch: host.fetch, now: host.now, issuer: options.issuer },
    onRefreshError: (error) => tellFailure(context, "a token", error),
  });
  const close = () => client[Symbol.dispose]();
  host.signal.addEventListener("abort", close);
  try {
    const plan = planAgent(options, {
      env: host.env,
      absolute: host.files.absolute,
      canBindRoles: client.issuer !== undefined,
    });
    plan.warnings.forEach((warning) => say(context, `warning: ${warning}`));
    const events = eventsOf(context, program.length > 0);
    return await withProgress(context, {
      text: "Asking for tokens",
      work: () => startAgent({ host, plan, options, client, events }),
    });
  } catch (error) {
    if (host.signal.aborted) throw new CliError("interrupted", "Stopped before it was ready");
    throw idTokenFailure(error);
  } finally {
    host.signal.removeEventListener("abort", close);
  }
}

/** A program that prints for itself is not talked over; that a token could not be renewed is told. */
function eventsOf(context: CliContext, quiet: boolean): AgentParts["events"] {
  const { host } = context;
  return {
    onWrite: ({ audience, path }, until) => {
      if (quiet) return;
      const left = formatDuration((until - host.now()) / 1000);
      say(context, `${clock(host.now())}  ${path}  for ${audience}, good for ${left}`);
    },
    onFailure: ({ path }, error) => tellFailure(context, path, error),
  };
}

function tellFailure(context: CliContext, what: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const time = clock(context.host.now());
  say(context, `${time}  signet agent: ${what} could not be renewed, trying on. ${text}`);
}

/** A remark in as many lines as it needs; a path stays whole. */
function say({ out, host }: CliContext, text: string): void {
  const width = host.stderr.isTerminal ? host.stderr.columns ?? 80 : Infinity;
  wrapWords(printable(text), width).forEach((line) => out.note(line));
}

function clock(now: number): string {
  return new Date(now).toISOString().slice(11, 19);
}

async function warnOfOpenDirectories(context: CliContext, agent: RunningAgent): Promise<void> {
  const { host } = context;
  const seen = new Set<string>();
  for (const path of agent.paths) {
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    if (seen.has(directory) || !await host.files.isOpenToOthers(path)) continue;
    seen.add(directory);
    say(context, `warning: others can look into ${directory}; the files are yours alone (0600)`);
  }
}

function printEnvironment(
  { out }: CliContext,
  { environment }: RunningAgent,
  { json, keep }: AgentOptions,
): void {
  if (json) return out.json({ environment });
  const end = keep ? "Ctrl+C stops it" : "Ctrl+C stops it and removes the files";
  out.note();
  out.note(`The agent is running (${end}).`);
  out.note("For programs of this machine:");
  out.note();
  for (const [name, value] of Object.entries(environment)) {
    out.line(`export ${name}=${shellQuote(value)}`);
  }
  out.note();
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

async function runProgram(
  host: CliHost,
  [program, ...args]: readonly string[],
  { environment }: RunningAgent,
): Promise<void> {
  const env = programEnvironment(host.environment(), environment);
  const child = startProgram(host, { command: [program!, ...args], env });
  const forward = () => {
    const interrupted = (host.signal.reason as Error | undefined)?.message === "SIGINT";
    // Ctrl+C on a terminal reaches the program by itself.
    if (!(interrupted && host.stdin.isTerminal)) child.stop(interrupted ? "SIGINT" : "SIGTERM");
  };
  host.signal.addEventListener("abort", forward);
  if (host.signal.aborted) forward();
  const code = await child.exited;
  host.signal.removeEventListener("abort", forward);
  if (code !== 0) throw new ProgramExit(code);
}

function startProgram(host: CliHost, options: Parameters<CliHost["run"]>[0]) {
  try {
    return host.run(options);
  } catch (cause) {
    const [program] = options.command;
    throw new CliError("usage", `Cannot run ${program}: there is no such program`, { cause });
  }
}
