import { matchesGlob } from "./glob.ts";

/** Longest audience, in characters: Azure's limit, the widest of the clouds'. */
export const maxAudienceLength = 600;

/** Why a string cannot be an audience, or undefined. */
export function audienceFault(audience: string): string | undefined {
  if (audience.length > maxAudienceLength) return `is longer than ${maxAudienceLength} characters`;
  if (!/^[\x21-\x7e]+$/.test(audience)) return "must be visible ASCII without spaces";
  // An audience is logged and goes to strangers in tokens; a variable mixed up must not.
  if (/^signet_rt_|^eyJ[\w-]*\.[\w-]*\./.test(audience)) return "looks like a credential";
}

/** Whether an allow-list holds the audience. A lone `*` allows all. */
export function allowsAudience(patterns: readonly string[], audience: string): boolean {
  return patterns.some((pattern) => pattern === "*" || matchesGlob(pattern, audience));
}

/** Whether the audience is the issuer itself: such a token could be presented back to it (threat 18). */
export function isOwnAudience(audience: string, issuer: string): boolean {
  if (audience === issuer || audience.startsWith(issuer + "/")) return true;
  let url: URL;
  try {
    url = new URL(audience);
  } catch {
    return audience === new URL(issuer).host;
  }
  const own = new URL(issuer);
  const base = own.pathname.replace(/\/$/, "");
  const path = decodePath(url.pathname);
  return url.host === own.host && (path === base || path.startsWith(base + "/"));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
