import { issuedToken, postForm } from "../issuer_request.ts";
import { requireClaims } from "../load_token.ts";
import type { SourceSetup, SourceToken, TokenRequest, TokenSource } from "../source.ts";
import { requireIssuer } from "./signet.ts";

/** A platform's token traded at the Signet issuer (RFC 8693 section 2.1); it is never kept. */
export function exchanged(platform: TokenSource, setup: SourceSetup): TokenSource {
  const issuer = requireIssuer(setup.issuer);
  const workload = setup.env("SIGNET_WORKLOAD");
  // A platform with a fixed audience needs the operator's word before its token goes to the issuer.
  const platformAudience = setup.env("SIGNET_PLATFORM_AUDIENCE") ?? issuer;
  const label = `the Signet issuer by the token of ${platform.label}`;
  const getToken = async (request: TokenRequest): Promise<SourceToken> => {
    const subject = await platform.getToken({
      audience: platformAudience,
      signal: request.signal,
    });
    requireClaims(subject.token, { label: platform.label, audience: platformAudience });
    const grant = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: subject.token,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      ...(workload === undefined ? {} : { client_id: workload }),
    };
    const reply = await postForm(request, { ...setup, issuer, label, grant });
    return issuedToken(reply, "access_token", { issuer, workload, audience: request.audience });
  };
  return { label, issuer, getToken };
}
