import type { SourceName, SourceSetup, TokenSource } from "./source.ts";

/** Reads an environment variable; an empty one counts as set here and as absent in a source. */
export type Env = (name: string) => string | undefined;

/** How a platform is recognized and its adapter loaded. */
export interface PlatformEntry {
  /** The name that forces it. */
  readonly name: SourceName;
  /** All that is needed is here. */
  ready(env: Env): boolean;
  /** The platform is here but lacks a piece; opening it says which. */
  present?(env: Env): boolean;
  /** Looks beyond the environment; only asked when nothing else was found. */
  probe?(setup: SourceSetup): Promise<boolean>;
  /** Loads the adapter and makes the source. */
  open(setup: SourceSetup): Promise<TokenSource>;
}

const all = (...names: string[]) => (env: Env) => names.every((name) => !!env(name));
const any = (...names: string[]) => (env: Env) => names.some((name) => !!env(name));

/** Every platform, in the order of preference. An adapter loads only when chosen: import stays cheap. */
export const PLATFORMS: readonly PlatformEntry[] = [
  {
    name: "signet",
    ready: all("SIGNET_REQUEST_TOKEN"),
    open: async (setup) => (await import("./sources/signet.ts")).signet(setup),
  },
  {
    name: "private-key",
    ready: all("SIGNET_PRIVATE_KEY"),
    open: async (setup) => (await import("./sources/private_key.ts")).privateKey(setup),
  },
  {
    name: "deno-deploy",
    ready: all("DENO_DEPLOY"),
    open: async (setup) => (await import("./sources/deno_deploy.ts")).denoDeploy(setup),
  },
  {
    name: "github-actions",
    ready: all("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    present: any("GITHUB_ACTIONS", "FORGEJO_ACTIONS", "GITEA_ACTIONS"),
    open: async (setup) => (await import("./sources/github_actions.ts")).githubActions(setup),
  },
  {
    name: "azure-devops",
    ready: all("SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"),
    present: any("TF_BUILD", "SYSTEM_OIDCREQUESTURI"),
    open: async (setup) => (await import("./sources/azure_devops.ts")).azureDevOps(setup),
  },
  {
    name: "vercel",
    // In a function the token comes with each request, so the platform alone must do.
    ready: any("VERCEL_OIDC_TOKEN_FILE", "VERCEL_OIDC_TOKEN", "VERCEL"),
    open: async (setup) => (await import("./sources/vercel.ts")).vercel(setup),
  },
  {
    name: "fly",
    ready: all("FLY_APP_NAME", "FLY_MACHINE_ID"),
    open: async (setup) => (await import("./sources/fly.ts")).fly(setup),
  },
  {
    name: "buildkite",
    ready: all("BUILDKITE_AGENT_ACCESS_TOKEN", "BUILDKITE_JOB_ID"),
    present: any("BUILDKITE"),
    open: async (setup) => (await import("./sources/buildkite.ts")).buildkite(setup),
  },
  {
    name: "circleci",
    ready: any("CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"),
    present: any("CIRCLECI"),
    open: async (setup) => (await import("./sources/circleci.ts")).circleci(setup),
  },
  {
    name: "gitlab",
    ready: all("GITLAB_CI"),
    open: async (setup) => (await import("./sources/gitlab.ts")).gitlab(setup),
  },
  {
    name: "bitbucket",
    ready: all("BITBUCKET_STEP_OIDC_TOKEN"),
    present: any("BITBUCKET_PIPELINE_UUID", "BITBUCKET_BUILD_NUMBER"),
    open: async (setup) => (await import("./sources/bitbucket.ts")).bitbucket(setup),
  },
  {
    name: "terraform-cloud",
    ready: any("TFC_WORKLOAD_IDENTITY_TOKEN_SIGNET", "TFC_WORKLOAD_IDENTITY_TOKEN"),
    present: any("TFC_RUN_ID"),
    open: async (setup) => (await import("./sources/terraform_cloud.ts")).terraformCloud(setup),
  },
  {
    name: "kubernetes",
    ready: any("AWS_WEB_IDENTITY_TOKEN_FILE", "AZURE_FEDERATED_TOKEN_FILE"),
    probe: async (setup) =>
      setup.env("KUBERNETES_SERVICE_HOST") !== undefined &&
      await (await import("./sources/token_files.ts")).hasProjectedToken(setup),
    open: async (setup) => (await import("./sources/token_files.ts")).kubernetes(setup),
  },
  {
    name: "google",
    ready: any("K_SERVICE", "CLOUD_RUN_JOB", "FUNCTION_TARGET", "GAE_SERVICE", "GCE_METADATA_HOST"),
    probe: async (setup) => (await import("./sources/google.ts")).answersAsGoogle(setup),
    open: async (setup) => (await import("./sources/google.ts")).google(setup),
  },
  {
    name: "file",
    ready: all("SIGNET_ID_TOKEN_FILE"),
    open: async (setup) => (await import("./sources/token_files.ts")).tokenFile(setup),
  },
  {
    name: "variable",
    ready: all("SIGNET_ID_TOKEN"),
    open: async (setup) => (await import("./sources/token_variable.ts")).tokenVariable(setup),
  },
];

/** Whether the environment alone shows a source that can be used. */
export function canDetectSource(env: Env): boolean {
  return !!env("SIGNET_SOURCE") || PLATFORMS.some(({ ready }) => ready(env));
}
