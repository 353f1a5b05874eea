import { listeningIssuer, type ListenOptions } from "../../_support/listening_issuer.ts";
import type { StartedIssuer } from "../../_support/start_issuer.ts";

/** What every client is asked to accept tokens for. */
export const audience = "https://api.acme.test";

/** The subject of the workload whose tokens are presented. */
export const subject = "deployment:acme/web/production";

/** A token to accept and those to refuse. */
export interface Tokens {
  readonly genuine: string;
  readonly tampered: string;
  /** For another audience. */
  readonly misdirected: string;
}

/** A listening issuer with one workload, and its request token. */
export async function issuerWithWorkload(
  options: ListenOptions = {},
): Promise<{ started: StartedIssuer; requestToken: string }> {
  const started = listeningIssuer(options);
  return { started, requestToken: await started.register() };
}

/** Mints over the wire what {@linkcode Tokens} describes. */
export async function mintTokens(started: StartedIssuer, requestToken: string): Promise<Tokens> {
  const mint = async (audience: string): Promise<string> =>
    (await (await started.token(requestToken, { audience })).json()).value;
  const genuine = await mint(audience);
  return {
    genuine,
    tampered: tamper(genuine),
    misdirected: await mint("https://other.acme.test"),
  };
}

/** The same token saying that it is somebody else's, under the old signature. */
export function tamper(token: string): string {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(atob(payload!.replaceAll("-", "+").replaceAll("_", "/")));
  const changed = btoa(JSON.stringify({ ...claims, sub: "deployment:acme/admin/production" }));
  const forged = changed.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${header}.${forged}.${signature}`;
}

/** The message with which a promise is refused. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "accepted",
    (error) => `${error.name}: ${error.message} ${error.error_description ?? ""}`,
  );
}

/** Runs a program beside this file in its own process; the last line it prints is JSON. */
export async function runChild<T>(
  program: string,
  { input, caPath, env = {} }: {
    input: unknown;
    caPath?: string;
    env?: Record<string, string>;
  },
): Promise<T> {
  const path = new URL(`./${program}`, import.meta.url).pathname;
  const lock = new URL("../../deno.lock", import.meta.url).pathname;
  const trust = caPath ? [`--cert=${caPath}`] : [];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--lock=${lock}`, ...trust, path, JSON.stringify(input)],
    env: { ...env, ...(caPath && { NODE_EXTRA_CA_CERTS: caPath }) },
  }).output();
  const text = new TextDecoder();
  const last = text.decode(stdout).trim().split("\n").at(-1)!;
  try {
    return JSON.parse(last);
  } catch {
    throw new Error(text.decode(stderr) + last);
  }
}
