import { mayReadEnv } from "./env.ts";
import { IdTokenError } from "./errors.ts";
import type { SourceName, SourceSetup, TokenSource } from "./source.ts";

type Env = (name: string) => string | undefined;

/** ready: it can be used; incomplete: the platform is here, a piece is missing; probe: only a look tells. */
type Presence = "ready" | "incomplete" | "probe" | "absent";

interface Platform {
  readonly name: SourceName;
  presence(env: Env): Presence;
  open(setup: SourceSetup): Promise<TokenSource>;
  probe?(setup: SourceSetup): Promise<boolean>;
}

// In the order of preference. Each adapter loads only when it is chosen, so that import stays cheap.
const PLATFORMS: readonly Platform[] = [
  {
    name: "signet",
    presence: (env) => env("SIGNET_REQUEST_TOKEN") ? "ready" : "absent",
    open: async (setup) => (await import("./sources/signet.ts")).signet(setup),
  },
];

/** Whether the environment alone shows a source that can be used. */
export function canDetectSource(env: Env): boolean {
  return !!env("SIGNET_SOURCE") || PLATFORMS.some(({ presence }) => presence(env) === "ready");
}

/** The source of that name; throws `invalid_configuration` when there is none. */
export function openSource(name: string, setup: SourceSetup): Promise<TokenSource> {
  const platform = PLATFORMS.find((candidate) => candidate.name === name);
  if (platform !== undefined) return platform.open(setup);
  const names = PLATFORMS.map((candidate) => candidate.name).join(", ");
  const message = `Cannot use the source that was named: there is none called "${name}". ` +
    `Set SIGNET_SOURCE or the option source to one of ${names}`;
  throw new IdTokenError(message, { code: "invalid_configuration" });
}

/** The first source that is ready; else the error of the first that is incomplete; else a probe. */
export async function detectSource(setup: SourceSetup): Promise<TokenSource> {
  const found = (wanted: Presence) =>
    PLATFORMS.filter(({ presence }) => presence(setup.env) === wanted);
  const [chosen] = [...found("ready"), ...found("incomplete")];
  if (chosen !== undefined) return await chosen.open(setup);
  for (const platform of found("probe")) {
    if (await platform.probe?.(setup)) return await platform.open(setup);
  }
  throw noSource();
}

function noSource(): IdTokenError {
  const hint = mayReadEnv()
    ? "Set SIGNET_ISSUER and SIGNET_REQUEST_TOKEN, or run where a platform gives identities"
    : "Variables that this program may not read count as absent: run it with --allow-env";
  const message = `Cannot get an identity token: nothing here says who this program is. ${hint}`;
  return new IdTokenError(message, { code: "no_source" });
}
