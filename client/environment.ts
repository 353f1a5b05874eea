import type { SourceName } from "./source.ts";

type Descriptor =
  | { name: "env"; variable?: string }
  | { name: "net"; host: string }
  | { name: "read"; path: string };

interface Permissions {
  querySync(descriptor: Descriptor): { state: string };
}

interface Host {
  Deno?: { env: { get(name: string): string | undefined }; permissions: Permissions };
  process?: { env?: Record<string, string | undefined> };
}

/** Reads a variable on Deno, Node and Bun; one that may not be read counts as absent, unasked. */
export function readEnv(name: string): string | undefined {
  const host = globalThis as Host;
  const { Deno } = host;
  // On Deno a mere look at `process` loads its Node layer: 20 ms and 8 MiB at start.
  if (Deno === undefined) return host.process?.env?.[name];
  return may({ name: "env", variable: name }) ? Deno.env.get(name) : undefined;
}

/** The same for many variables at one moment: asks about the permission once where it can. */
export function envReader(): (name: string) => string | undefined {
  const { Deno } = globalThis as Host;
  return Deno === undefined || !mayReadEnv() ? readEnv : (name) => Deno.env.get(name);
}

/** Whether the whole environment may be read. */
export function mayReadEnv(): boolean {
  return may({ name: "env" });
}

/** Whether that is permitted already: to try it would stop to ask the person at the terminal. */
export function may(descriptor: Descriptor): boolean {
  const { Deno } = globalThis as Host;
  return Deno === undefined || Deno.permissions.querySync(descriptor).state === "granted";
}

/** Reads an environment variable; an empty one counts as set here and as absent in a source. */
export type Env = (name: string) => string | undefined;

/**
 * Variables that, all set, show that a platform has what its source needs; in the order of
 * preference. Plain data, since every import of the client looks at it.
 */
const SIGNS: readonly (readonly [SourceName, readonly string[]])[] = [
  ["signet", ["SIGNET_REQUEST_TOKEN"]],
  ["private-key", ["SIGNET_PRIVATE_KEY"]],
  ["deno-deploy", ["DENO_DEPLOY"]],
  ["github-actions", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]],
  ["azure-devops", ["SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"]],
  ["vercel", ["VERCEL_OIDC_TOKEN_FILE"]],
  ["vercel", ["VERCEL_OIDC_TOKEN"]],
  // In a function the token comes with each request, so the platform alone must do.
  ["vercel", ["VERCEL"]],
  ["fly", ["FLY_APP_NAME", "FLY_MACHINE_ID"]],
  ["buildkite", ["BUILDKITE_AGENT_ACCESS_TOKEN", "BUILDKITE_JOB_ID"]],
  ["circleci", ["CIRCLE_OIDC_TOKEN_V2"]],
  ["circleci", ["CIRCLE_OIDC_TOKEN"]],
  ["gitlab", ["GITLAB_CI"]],
  ["bitbucket", ["BITBUCKET_STEP_OIDC_TOKEN"]],
  ["terraform-cloud", ["TFC_WORKLOAD_IDENTITY_TOKEN_SIGNET"]],
  ["terraform-cloud", ["TFC_WORKLOAD_IDENTITY_TOKEN"]],
  ["kubernetes", ["AWS_WEB_IDENTITY_TOKEN_FILE"]],
  ["kubernetes", ["AZURE_FEDERATED_TOKEN_FILE"]],
  ["google", ["K_SERVICE"]],
  ["google", ["CLOUD_RUN_JOB"]],
  ["google", ["FUNCTION_TARGET"]],
  ["google", ["GAE_SERVICE"]],
  ["google", ["GCE_METADATA_HOST"]],
  ["file", ["SIGNET_ID_TOKEN_FILE"]],
  ["variable", ["SIGNET_ID_TOKEN"]],
];

/** The preferred platform of those that the environment alone shows to be ready. */
export function readyPlatform(env: Env): SourceName | undefined {
  return SIGNS.find(([, names]) => names.every((name) => !!env(name)))?.[0];
}

/**
 * Whether the environment names a source of identity tokens, as `jsr:@deno/oidc` exports it.
 *
 * A plain boolean, so that `if (supportsIssuingIdTokens)` means what it says. It is decided once, when the
 * module loads, by looking at a few environment variables: no network, no file, and variables that may not
 * be read count as absent without asking. It is `false` where only a probe could tell, such as on a bare
 * Google Compute Engine machine; `getIdToken` probes.
 */
export const supportsIssuingIdTokens: boolean = isSupported(envReader());

function isSupported(env: Env): boolean {
  return !!env("SIGNET_SOURCE") || readyPlatform(env) !== undefined;
}
