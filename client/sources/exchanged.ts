import type { HttpReply } from "../http.ts";
import { jsonObject } from "../http_answer.ts";
import { issuedToken, postForm } from "../issuer_request.ts";
import { requireClaims } from "../load_token.ts";
import { sleep } from "../retry.ts";
import type { SourceSetup, SourceToken, TokenRequest, TokenSource } from "../source.ts";
import { requireIssuer } from "./signet.ts";

// Two, because of three that start in one second two are refused, and then may meet once more.
const REPEATS = 2;
const SECOND_MS = 1000;
const SPREAD_MS = 2000;

/** A platform's token traded at the Signet issuer (RFC 8693 section 2.1); it is never kept. */
export function exchanged(platform: TokenSource, setup: SourceSetup): TokenSource {
  const issuer = requireIssuer(setup.issuer);
  const workload = setup.env("SIGNET_WORKLOAD");
  // A platform with a fixed audience needs the operator's word before its token goes to the issuer.
  const audience = setup.env("SIGNET_PLATFORM_AUDIENCE") ?? issuer;
  const label = `the Signet issuer by the token of ${platform.label}`;
  const wait = setup.sleep ?? sleep;
  const subjectToken = async ({ signal }: TokenRequest): Promise<Subject> => {
    const { token } = await platform.getToken({ audience, signal });
    const { hasId } = requireClaims(token, { label: platform.label, audience });
    return { token, mayRepeat: platform.mayRepeat === true && !hasId };
  };
  const trade = (request: TokenRequest, { token }: Subject): Promise<HttpReply> => {
    const grant = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: token,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      ...(workload === undefined ? {} : { client_id: workload }),
    };
    return postForm(request, { ...setup, issuer, label, grant });
  };
  const getToken = async (request: TokenRequest): Promise<SourceToken> => {
    let subject = await subjectToken(request);
    let reply = await trade(request, subject);
    for (let count = 0; count < REPEATS && subject.mayRepeat && isRefusal(reply); count++) {
      if (request.wanted?.() === false) break;
      // Another isolate of the same second may have used the same token; spread, not to meet again.
      await wait(SECOND_MS + setup.random() * SPREAD_MS, request.signal);
      const next = await subjectToken(request);
      // The same after a second: the platform keeps its tokens, and another try changes nothing.
      if (next.token === subject.token) break;
      subject = next;
      reply = await trade(request, subject);
    }
    return issuedToken(reply, "access_token", { issuer, workload, audience: request.audience });
  };
  return { label, issuer, getToken };
}

interface Subject {
  readonly token: string;
  /** Another caller may hold the same token. */
  readonly mayRepeat: boolean;
}

// What the issuer says of every subject token that it does not take (RFC 8693 section 2.2.2).
function isRefusal({ status, text }: HttpReply): boolean {
  return status === 400 && jsonObject(text)?.error === "invalid_request";
}
