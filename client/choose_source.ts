import { type Env, mayReadEnv, readyPlatform } from "./environment.ts";
import { IdTokenError } from "./errors.ts";
import { PLATFORMS } from "./platforms.ts";
import { hostRuntime } from "./runtime.ts";
import type {
  SourceName,
  SourceRuntime,
  SourceSetup,
  TokenFunction,
  TokenSource,
} from "./source.ts";
import { functionSource } from "./sources/function.ts";

/** What a source is chosen from. */
export interface SourceChoice extends Omit<SourceSetup, "runtime"> {
  /** Option `source`. */
  readonly source?: SourceName | TokenFunction;
  /** Option `runtime`. */
  readonly runtime?: Partial<SourceRuntime>;
}

/** The source by option, by `SIGNET_SOURCE`, or by detection; behind the issuer where one is configured. */
export async function chooseSource(choice: SourceChoice): Promise<TokenSource> {
  const env = (name: string) => choice.env(name) || undefined;
  const setup = { ...choice, env, runtime: { ...hostRuntime(), ...choice.runtime } };
  const source = await platformSource(choice.source ?? env("SIGNET_SOURCE"), setup);
  if (setup.issuer === undefined || source.issuer !== undefined) return source;
  const { exchanged } = await import("./sources/exchanged.ts");
  return exchanged(source, setup);
}

function platformSource(
  source: string | TokenFunction | undefined,
  setup: SourceSetup,
): TokenSource | Promise<TokenSource> {
  if (typeof source === "function") return functionSource(source);
  return source === undefined ? detectSource(setup) : openSource(source, setup);
}

/** The source of that name; throws `invalid_configuration` when there is none. */
async function openSource(name: string, setup: SourceSetup): Promise<TokenSource> {
  const platform = PLATFORMS.find((candidate) => candidate.name === name);
  if (platform !== undefined) return await platform.open(setup);
  const names = PLATFORMS.map((candidate) => candidate.name).join(", ");
  const message = `Cannot use the source that was named: there is none called "${name}". ` +
    `Set SIGNET_SOURCE or the option source to one of ${names}`;
  throw new IdTokenError(message, { code: "invalid_configuration" });
}

/** The first source that is ready; else the first whose platform lacks a piece, to say so; else by probing. */
async function detectSource(setup: SourceSetup): Promise<TokenSource> {
  const { env } = setup;
  const ready = readyPlatform(env);
  if (ready !== undefined) return await openSource(ready, setup);
  const seen = PLATFORMS.find(({ present }) => present?.(env));
  if (seen !== undefined) return await seen.open(setup);
  for (const platform of PLATFORMS) {
    if (await platform.probe?.(setup)) return await platform.open(setup);
  }
  throw noSource(setup);
}

function noSource({ env, issuer }: SourceSetup): IdTokenError {
  const message = "Cannot get an identity token: nothing here says who this program is. ";
  return new IdTokenError(message + advice(env, issuer), { code: "no_source" });
}

function advice(env: Env, issuer: string | undefined): string {
  if (!mayReadEnv()) {
    return "Variables that this program may not read count as absent: on Deno, run it with --allow-env";
  }
  if (env("KUBERNETES_SERVICE_HOST") !== undefined) {
    return "In Kubernetes, mount a projected serviceAccountToken at /var/run/secrets/tokens/signet";
  }
  return issuer === undefined
    ? "Set SIGNET_ISSUER and SIGNET_REQUEST_TOKEN, or run it on a platform that gives identities"
    : "Set SIGNET_REQUEST_TOKEN to a credential of the issuer, or run it on a platform that it trusts";
}
