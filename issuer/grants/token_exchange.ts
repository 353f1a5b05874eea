import type { PlatformTokenAuthenticator } from "../authenticate/platform_token.ts";
import { TokenError } from "../errors.ts";
import type { Parameters } from "../parameters.ts";
import { type Grant, refuseBearer } from "./grant.ts";

const jwt = "urn:ietf:params:oauth:token-type:jwt";
const idToken = "urn:ietf:params:oauth:token-type:id_token";
const accessToken = "urn:ietf:params:oauth:token-type:access_token";

/** Token exchange (RFC 8693): a platform's token in, this issuer's out. */
export function tokenExchangeGrant(authenticate: PlatformTokenAuthenticator): Grant {
  return {
    // RFC 8693 §2.2.1: N_A unless the caller means to use it as an access token, and says so.
    answer: (parameters) =>
      parameters.get("requested_token_type") === accessToken
        ? { issued_token_type: accessToken, token_type: "Bearer" }
        : { issued_token_type: jwt, token_type: "N_A" },
    // RFC 8693 §2.2.2 names this code for a subject token that is invalid or unacceptable.
    refusal: {
      code: "invalid_request",
      description: "Cannot accept the subject token: it is not valid here, was used before, or " +
        "meets no trust rule. An administrator learns more with: signet explain",
    },
    authenticate({ parameters, bearer }) {
      refuseBearer(bearer);
      checkTypes(parameters);
      const token = parameters.get("subject_token");
      if (token === undefined) refuse("the parameter subject_token is missing");
      return authenticate({ token, workload: parameters.get("client_id") });
    },
  };
}

function checkTypes(parameters: Parameters): void {
  const presented = parameters.get("subject_token_type");
  if (presented !== jwt && presented !== idToken) refuse(`subject_token_type must be ${jwt}`);
  if (parameters.has("actor_token")) refuse("an actor_token is not supported");
  const requested = parameters.get("requested_token_type");
  if (requested !== undefined && ![jwt, idToken, accessToken].includes(requested)) {
    refuse(`requested_token_type must be ${jwt}`);
  }
}

function refuse(state: string): never {
  throw new TokenError("invalid_request", `Cannot exchange the token: ${state}`);
}
