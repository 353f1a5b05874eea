import type { AssertionAuthenticator } from "../authenticate/private_key_jwt.ts";
import type { RequestTokenAuthenticator } from "../authenticate/request_token.ts";
import { TokenError } from "../errors.ts";
import type { Parameters } from "../parameters.ts";
import type { Grant } from "./grant.ts";
import { requestTokenGrant, requireBearer } from "./request_token.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** `client_credentials` (RFC 6749 §4.4) by request token, or by private_key_jwt (RFC 7523 §2.2). */
export function clientCredentialsGrant(options: {
  byRequestToken: RequestTokenAuthenticator;
  byAssertion: AssertionAuthenticator;
}): Grant {
  const { byRequestToken, byAssertion } = options;
  return {
    ...requestTokenGrant(byRequestToken),
    authenticate({ parameters, bearer, bearerDigest }) {
      const assertion = readAssertion(parameters);
      if (assertion === undefined) {
        return byRequestToken(requireBearer(bearer), bearerDigest);
      }
      if (bearer !== undefined) {
        throw new TokenError("invalid_request", "Cannot authenticate in two ways at once");
      }
      return byAssertion({ assertion, clientId: parameters.get("client_id") });
    },
  };
}

function readAssertion(parameters: Parameters): string | undefined {
  if (parameters.has("client_secret")) {
    const advice = "send the request token as Bearer, or a client_assertion";
    throw new TokenError("invalid_request", `Cannot authenticate by client_secret: ${advice}`);
  }
  const assertion = parameters.get("client_assertion");
  const type = parameters.get("client_assertion_type");
  if (assertion === undefined && type === undefined) return undefined;
  if (assertion !== undefined && type === assertionType) return assertion;
  throw new TokenError(
    "invalid_request",
    `Cannot authenticate: send client_assertion with client_assertion_type=${assertionType}`,
  );
}
