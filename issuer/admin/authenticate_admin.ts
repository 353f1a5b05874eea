import { PlatformTokenError } from "../trust/errors.ts";
import type { PlatformTokenVerifier } from "../trust/platform_tokens.ts";
import { readPlatformToken } from "../trust/read_platform_token.ts";
import type { TrustRule } from "../trust/rule.ts";
import { equalDigests, sha256Hex } from "../workloads/request_token.ts";

/** Tells who an administrator is, or undefined. */
export type AdminAuthenticator = (
  bearer: string,
) => Promise<string | undefined> | string | undefined;

/** Administrators by one shared token, or by platform tokens under rules; undefined: there are none. */
export function adminAuthenticator(options: {
  adminToken?: string;
  adminTokenSha256?: string;
  administrators?: readonly TrustRule[];
  verifier: PlatformTokenVerifier;
}): AdminAuthenticator | undefined {
  const { adminToken, administrators = [], verifier } = options;
  const digest = adminToken === undefined ? options.adminTokenSha256 : sha256Hex(adminToken);
  if (digest === undefined && administrators.length === 0) return undefined;
  return (bearer) => {
    if (digest !== undefined && equalDigests(sha256Hex(bearer), digest)) return "admin-token";
    return administrators.length > 0 ? byPlatform(bearer, { administrators, verifier }) : undefined;
  };
}

/** A pipeline's own token; good for several changes, since one deployment makes several. */
async function byPlatform(
  bearer: string,
  { administrators, verifier }: {
    administrators: readonly TrustRule[];
    verifier: PlatformTokenVerifier;
  },
): Promise<string | undefined> {
  try {
    const parsed = readPlatformToken(bearer);
    await verifier.verify(parsed, administrators);
    return `${parsed.claims.iss} ${parsed.claims.sub}`;
  } catch (error) {
    if (error instanceof PlatformTokenError && error.code !== "keys_unavailable") return undefined;
    throw error;
  }
}
