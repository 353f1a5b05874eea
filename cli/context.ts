import { isLoopback } from "../verify/is_loopback.ts";
import { mayHoldSecret } from "../verify/issuer_url.ts";
import { type AdminClient, createAdminClient } from "./admin_client.ts";
import { CliError } from "./errors.ts";
import type { CliHost } from "./io.ts";
import { createOutput, type Output } from "./output.ts";

/** Options that every command understands. */
export interface CommonOptions {
  /** The issuer's URL. Default: `SIGNET_ISSUER`. */
  readonly issuer?: string;
  /** Print JSON. */
  readonly json?: boolean;
}

/** What a command works with. */
export interface CliContext {
  readonly host: CliHost;
  readonly out: Output;
  /** Whether something says already that it takes long. */
  readonly progress: { isWatched: boolean };
}

/** Makes the {@linkcode CliContext} of a host. */
export function createContext(host: CliHost): CliContext {
  return { host, out: createOutput(host), progress: { isWatched: false } };
}

/** The issuer's URL from `--issuer` or `SIGNET_ISSUER`. @throws {CliError} when there is none. */
export function requireIssuer(context: CliContext, options: CommonOptions): string {
  const text = options.issuer ?? context.host.env("SIGNET_ISSUER");
  if (!text) {
    throw new CliError("usage", "Cannot tell which issuer you mean: SIGNET_ISSUER is not set", {
      next: "export SIGNET_ISSUER=https://… (or start one here with `deno task dev`)",
    });
  }
  return checkIssuerUrl(text.replace(/\/$/, ""));
}

/** Refuses a URL that must not receive a token. */
function checkIssuerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (!url || !secure || url.search || url.hash || url.username || url.password) {
    throw new CliError("usage", `Cannot use ${shown(text)}: it is not a plain https URL`, {
      next: text.includes("://") || mayHoldSecret(text)
        ? "Give it as https://host or https://host/path; only a loopback address may be http."
        : `Write its scheme as well: ${schemeFor(text)}://${text}`,
    });
  }
  return text;
}

const shown = (text: string) =>
  mayHoldSecret(text) ? "an issuer with a user name, query or fragment" : `${text} as an issuer`;

const schemeFor = (text: string) => /^(localhost|127\.|\[::1\])/.test(text) ? "http" : "https";

/** The admin API of the issuer that the options name. @throws {CliError} without an admin token. */
export function requireAdmin(context: CliContext, options: CommonOptions): AdminClient {
  const issuer = requireIssuer(context, options);
  const adminToken = context.host.env("SIGNET_ADMIN_TOKEN");
  if (!adminToken) {
    throw new CliError("unauthorized", "Cannot use the admin API: SIGNET_ADMIN_TOKEN is not set", {
      next: "export SIGNET_ADMIN_TOKEN=… (the value the issuer runs with)",
    });
  }
  const client = createAdminClient({ issuer, adminToken, fetch: context.host.fetch });
  const text = `Waiting for ${issuer}`;
  return { send: (request) => withProgress(context, { text, work: () => client.send(request) }) };
}

/** Runs `work`, and says on stderr what is going on when it takes more than a second. */
export async function withProgress<T>(
  context: CliContext,
  { text, work }: { text: string; work: () => Promise<T> },
): Promise<T> {
  const { host: { stderr }, progress, out } = context;
  if (!stderr.isTerminal || progress.isWatched) return await work();
  progress.isWatched = true;
  const timer = setTimeout(() => out.note(out.style.dim(`${text} …`)), 1000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    progress.isWatched = false;
  }
}

/** Asks before something that cannot be undone; without a terminal `--yes` is the only way. */
export async function confirm(
  context: CliContext,
  { question, yes }: { question: string; yes?: boolean },
): Promise<void> {
  if (yes) return;
  const { stdin, stderr } = context.host;
  if (!stdin.isTerminal) {
    throw new CliError("usage", "Cannot ask for confirmation: there is no terminal", {
      next: "Repeat with --yes if you are sure.",
    });
  }
  stderr.write(`${question} [y/N] `);
  const answer = await stdin.readLine();
  if (!/^y(es)?$/i.test(answer?.trim() ?? "")) throw new CliError("failed", "Nothing was changed");
}
