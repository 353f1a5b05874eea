import { PlatformTokenError } from "../trust/errors.ts";
import type { PlatformTokenVerifier } from "../trust/platform_tokens.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import type { TrustRule } from "../trust/rule.ts";

/** Tells an administrator by a pipeline's own token; good for several changes, since one deployment makes several. */
export function platformAdministrator(options: {
  administrators: readonly TrustRule[];
  verifier: PlatformTokenVerifier;
}): (bearer: string) => Promise<string | undefined> {
  const { administrators, verifier } = options;
  return async (bearer) => {
    try {
      const parsed = readPlatformToken(bearer);
      await verifier.verify(parsed, administrators);
      return `${parsed.claims.iss} ${parsed.claims.sub}`;
    } catch (error) {
      const refused = error instanceof PlatformTokenError && error.code !== "keys_unavailable";
      if (refused) return undefined;
      throw error;
    }
  };
}
