import type { RequestTokenAuthenticator } from "./authenticate/request_token.ts";
import { TokenError } from "./errors.ts";
import type { Credentials, Grant } from "./grants.ts";

const answer = { token_type: "Bearer" } as const;

/** GitHub's request protocol: the request token as bearer. */
export function requestTokenGrant(authenticate: RequestTokenAuthenticator): Grant {
  return { answer, authenticate: ({ bearer }) => authenticate(requireBearer(bearer)) };
}

/** `client_credentials` (RFC 6749 §4.4) with the request token as bearer. */
export function clientCredentialsGrant(authenticate: RequestTokenAuthenticator): Grant {
  return {
    answer,
    authenticate(credentials) {
      refuseSecrets(credentials);
      return authenticate(requireBearer(credentials.bearer));
    },
  };
}

function requireBearer(bearer: Credentials["bearer"]): string {
  if (bearer) return bearer;
  const state = bearer === null
    ? "the Authorization header is not one bearer token"
    : "send Authorization: Bearer <request token>";
  throw new TokenError("invalid_client", `Cannot authenticate: ${state}`);
}

/** One way of authentication per request (RFC 6749 §2.3); a client secret is none of ours. */
function refuseSecrets({ parameters }: Credentials): void {
  if (!parameters.has("client_secret")) return;
  throw new TokenError(
    "invalid_request",
    "Cannot authenticate by client_secret: send the request token as Bearer",
  );
}
