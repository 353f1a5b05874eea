import type { Env } from "./environment.ts";
import type { SourceName, SourceSetup, TokenSource } from "./source.ts";

/** How a platform is recognized where its signs (environment.ts) do not show it, and its adapter. */
export interface PlatformEntry {
  /** The name that forces it. */
  readonly name: SourceName;
  /** The platform is here but lacks a piece; opening it says which. */
  present?(env: Env): boolean;
  /** Looks beyond the environment; only asked when nothing else was found. */
  probe?(setup: SourceSetup): Promise<boolean>;
  /** Loads the adapter and makes the source. */
  open(setup: SourceSetup): Promise<TokenSource>;
}

const any = (...names: string[]) => (env: Env) => names.some((name) => !!env(name));

/** Every platform, in the order of preference. An adapter loads only when chosen: import stays cheap. */
export const PLATFORMS: readonly PlatformEntry[] = [
  {
    name: "signet",
    open: async (setup) => (await import("./sources/signet.ts")).signet(setup),
  },
  {
    name: "private-key",
    open: async (setup) => (await import("./sources/private_key.ts")).privateKey(setup),
  },
  {
    name: "deno-deploy",
    open: async (setup) => (await import("./sources/deno_deploy.ts")).denoDeploy(setup),
  },
  {
    name: "github-actions",
    present: any("GITHUB_ACTIONS", "FORGEJO_ACTIONS", "GITEA_ACTIONS"),
    open: async (setup) => (await import("./sources/github_actions.ts")).githubActions(setup),
  },
  {
    name: "azure-devops",
    present: any("TF_BUILD", "SYSTEM_OIDCREQUESTURI"),
    open: async (setup) => (await import("./sources/azure_devops.ts")).azureDevOps(setup),
  },
  {
    name: "vercel",
    open: async (setup) => (await import("./sources/vercel.ts")).vercel(setup),
  },
  {
    name: "fly",
    open: async (setup) => (await import("./sources/fly.ts")).fly(setup),
  },
  {
    name: "buildkite",
    present: any("BUILDKITE"),
    open: async (setup) => (await import("./sources/buildkite.ts")).buildkite(setup),
  },
  {
    name: "circleci",
    present: any("CIRCLECI"),
    open: async (setup) => (await import("./sources/circleci.ts")).circleci(setup),
  },
  {
    name: "gitlab",
    open: async (setup) => (await import("./sources/gitlab.ts")).gitlab(setup),
  },
  {
    name: "bitbucket",
    present: any("BITBUCKET_PIPELINE_UUID", "BITBUCKET_BUILD_NUMBER"),
    open: async (setup) => (await import("./sources/bitbucket.ts")).bitbucket(setup),
  },
  {
    name: "terraform-cloud",
    present: any("TFC_RUN_ID"),
    open: async (setup) => (await import("./sources/terraform_cloud.ts")).terraformCloud(setup),
  },
  {
    name: "kubernetes",
    probe: async (setup) =>
      setup.env("KUBERNETES_SERVICE_HOST") !== undefined &&
      await (await import("./sources/token_files.ts")).hasProjectedToken(setup),
    open: async (setup) => (await import("./sources/token_files.ts")).kubernetes(setup),
  },
  {
    name: "google",
    probe: async (setup) => (await import("./sources/google.ts")).answersAsGoogle(setup),
    open: async (setup) => (await import("./sources/google.ts")).google(setup),
  },
  {
    name: "file",
    open: async (setup) => (await import("./sources/token_files.ts")).tokenFile(setup),
  },
  {
    name: "variable",
    open: async (setup) => (await import("./sources/token_variable.ts")).tokenVariable(setup),
  },
];
