import { lazily } from "../lazily.ts";
import type { PlatformTokenVerifier } from "../trust/platform_tokens.ts";
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
  const byPlatform = lazily(async () => {
    const { platformAdministrator } = await import("./platform_administrator.ts");
    return platformAdministrator({ administrators, verifier });
  });
  return (bearer) => {
    if (digest !== undefined && equalDigests(sha256Hex(bearer), digest)) return "admin-token";
    return administrators.length > 0 ? byPlatform(bearer) : undefined;
  };
}
