import { azureDevOps } from "./azure_devops.ts";
import { buildkite } from "./buildkite.ts";
import { circleci } from "./circleci.ts";
import { denoDeploy } from "./deno_deploy.ts";
import { fly } from "./fly.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { aks, eks, gke, kubernetes } from "./kubernetes.ts";
import type { Preset } from "./preset.ts";
import { signet } from "./signet.ts";
import { terraformCloud } from "./terraform_cloud.ts";
import { vercel } from "./vercel.ts";

/** Every preset, in the order in which they are shown. */
export const PRESETS: readonly Preset[] = [
  denoDeploy,
  github,
  gitlab,
  circleci,
  buildkite,
  kubernetes,
  eks,
  gke,
  aks,
  google,
  vercel,
  fly,
  azureDevOps,
  terraformCloud,
  signet,
];

/** The preset of that name or alias. */
export function presetNamed(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name || preset.aliases?.includes(name));
}

/** The preset whose platform has that issuer. */
export function presetOfIssuer(issuer: string): Preset | undefined {
  return PRESETS.find((preset) => preset.owns(issuer));
}

/** The preset that a rule names, else the one whose platform its issuer is. */
export function presetOfRule(
  rule: { readonly issuer: string; readonly preset?: string },
): Preset | undefined {
  return rule.preset === undefined ? presetOfIssuer(rule.issuer) : presetNamed(rule.preset);
}
