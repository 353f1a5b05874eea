import { TokenError } from "./errors.ts";
import type { Claims } from "./claims.ts";
import type { AudienceProfile } from "./profiles.ts";
import type { TokenRequest } from "./token_request.ts";

const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]{1,576}$/;

/**
 * Claims that AWS STS gives rights by. A caller may narrow its token to roles; tags and source
 * identity are taken from claims that the issuer verified, never from the request itself.
 */
export function awsClaims(
  given: readonly (Readonly<Claims> | undefined)[],
  { profile, request }: { profile: AudienceProfile; request: TokenRequest },
): Claims | undefined {
  const { roles, sessionTags, sourceIdentity } = request;
  if (roles === undefined && sessionTags === undefined && sourceIdentity === undefined) return;
  const verified: Claims = Object.assign({}, ...given);
  const claims: Claims = {};
  for (
    const [name, value] of Object.entries({
      roles,
      session_tags: sessionTags,
      source_identity: sourceIdentity,
    })
  ) {
    if (value !== undefined && !profile.parameters?.some((known) => known === name)) {
      throw new TokenError("invalid_request", `Cannot use "${name}": it belongs to AWS audiences`);
    }
  }
  if (roles) claims["https://aws.amazon.com/roles"] = roles.map(checkRole);
  if (sessionTags) {
    const tags = sessionTags.map((name) => [name, [tagValue(verified, name)]]);
    claims["https://aws.amazon.com/tags"] = { principal_tags: Object.fromEntries(tags) };
  }
  if (sourceIdentity) {
    claims["https://aws.amazon.com/source_identity"] = tagValue(verified, sourceIdentity, 64);
  }
  return claims;
}

function checkRole(role: string): string {
  if (roleArn.test(role)) return role;
  throw new TokenError("invalid_request", "Cannot bind the token: roles must be IAM role ARNs");
}

/** STS takes values of at most 256 characters, and 2 to 64 of `[\w+=,.@-]` as source identity. */
function tagValue(verified: Readonly<Claims>, name: string, longest = 256): string {
  const value = Object.hasOwn(verified, name) ? verified[name] : undefined;
  const shape = longest === 64 ? /^[\w+=,.@-]{2,64}$/ : /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
  if (typeof value === "string" && shape.test(value)) return value;
  throw new TokenError(
    "invalid_request",
    "Cannot tag the session: name claims of this workload whose values are texts that AWS takes",
  );
}
