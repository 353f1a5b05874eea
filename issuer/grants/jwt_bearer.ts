import type { PlatformTokenAuthenticator } from "../authenticate/platform_token.ts";
import { TokenError } from "../errors.ts";
import { type Grant, refuseBearer } from "./grant.ts";

/** JWT bearer grant (RFC 7523 §2.1): a platform's token in, this issuer's out. */
export function jwtBearerGrant(authenticate: PlatformTokenAuthenticator): Grant {
  return {
    answer: () => ({ token_type: "Bearer" }),
    refusal: {
      code: "invalid_grant",
      description: "Cannot accept the assertion: it is not valid here, was used before, or meets " +
        "no trust rule. An administrator learns more with: signet explain",
    },
    authenticate({ parameters, bearer }) {
      refuseBearer(bearer);
      const token = parameters.get("assertion");
      if (token !== undefined) {
        return authenticate({ token, workload: parameters.get("client_id") });
      }
      throw new TokenError("invalid_request", "Cannot read the request: assertion is missing");
    },
  };
}
