import type { Preset } from "./presets/preset.ts";

/** Audiences that clouds and clusters use: a token for one is on its way to somebody else. */
const TAKEN = [
  "sts.amazonaws.com",
  "sts.amazonaws.com.cn",
  "api://AzureADTokenExchange",
  "api://AzureADTokenExchangeUSGov",
  "api://AzureADTokenExchangeChina",
  "https://kubernetes.default.svc",
  "https://kubernetes.default.svc.cluster.local",
  "sigstore",
  "npm:registry.npmjs.org",
  "pypi",
];
const TAKEN_PREFIXES = ["//iam.googleapis.com/", "https://iam.googleapis.com/"];
const LONGEST = 512;

/**
 * Why a rule cannot have this audience, or `undefined` (security threats 16, 17): it is required,
 * written out, and not one whose tokens are meant for a cloud. Best is this issuer's own URL.
 */
export function audienceFault(
  audience: unknown,
  { ownIssuer, preset }: { readonly ownIssuer: string; readonly preset: Preset | undefined },
): string | undefined {
  if (audience === undefined || audience === null || audience === "") {
    return `is required: this issuer's own URL, ${ownIssuer}`;
  }
  if (typeof audience !== "string") return "must be one audience, as text";
  if (audience === ownIssuer || audience === preset?.audience) return undefined;
  if (audience.includes("*")) return "must be written out: no * is understood here";
  if (audience.length > LONGEST) return `must not be over ${LONGEST} characters`;
  if (nearly(audience) === nearly(ownIssuer)) return `must be written exactly: ${ownIssuer}`;
  if (TAKEN.includes(audience) || TAKEN_PREFIXES.some((prefix) => audience.startsWith(prefix))) {
    return `is the audience of tokens for somebody else; use ${ownIssuer}`;
  }
}

function nearly(url: string): string {
  const lower = url.toLowerCase();
  return lower.endsWith("/") ? lower.slice(0, -1) : lower;
}
