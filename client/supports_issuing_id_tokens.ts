import { envReader } from "./env.ts";
import { type Env, readyPlatform } from "./platform_signs.ts";

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
