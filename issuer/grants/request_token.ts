import type { RequestTokenAuthenticator } from "../authenticate/request_token.ts";
import { TokenError } from "../errors.ts";
import type { Credentials, Grant } from "./grant.ts";

const refusal = {
  code: "invalid_client",
  description: "Cannot authenticate: the credential is unknown, expired or revoked. Make a new " +
    "one with: signet credential add",
} as const;

/** GitHub's request protocol: the request token as bearer. */
export function requestTokenGrant(authenticate: RequestTokenAuthenticator): Grant {
  return {
    answer: () => ({ token_type: "Bearer" }),
    refusal,
    authenticate: ({ bearer, bearerDigest }) => authenticate(requireBearer(bearer), bearerDigest),
  };
}

/** The bearer token of a request that must have one. */
export function requireBearer(bearer: Credentials["bearer"]): string {
  if (bearer) return bearer;
  const state = bearer === null
    ? "the Authorization header is not one bearer token"
    : "send Authorization: Bearer <request token>";
  throw new TokenError("invalid_client", `Cannot authenticate: ${state}`);
}
