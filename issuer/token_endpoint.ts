import { andThen, type Eventual, orElse } from "./eventual.ts";
import { ProofError, TokenError, type TokenErrorCode } from "./errors.ts";
import type { Grant, GrantAnswer } from "./grants/grant.ts";
import { type Attempt, type IssueOptions, tokenIssue } from "./issue_token.ts";
import { readParameters } from "./parameters.ts";
import { readForm } from "./read_form.ts";
import { type RequestInfo, sourceOf } from "./request_source.ts";
import type { MintedToken } from "./reuse_tokens.ts";
import { asTokenError, jsonHeaders, methodNotAllowed, tokenError } from "./respond.ts";
import { addSecurityHeaders, programHeaders } from "./security_headers.ts";

/** What the token endpoint works with. */
export interface TokenEndpointOptions extends IssueOptions {
  readonly grants: {
    /** The way in of GitHub's request protocol. */
    readonly requestToken: Grant;
    /** Ways in by `grant_type`. */
    readonly byType: ReadonlyMap<string, Grant>;
  };
}

/** Handles one request to `/token`. */
export type TokenEndpoint = (request: Request, info?: RequestInfo) => Eventual<Response>;

/** Parameters that must never stand in a URL, where logs and proxies see them (threat 53). */
const secretParameters = [
  "access_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "subject_token",
  "token",
];

/** `/token`: the request protocol of GitHub Actions by GET, the OAuth token endpoint by POST. */
export function tokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { issuer, grants, now, onEvent } = options;
  const issue = tokenIssue(options);
  const https = issuer.startsWith("https:");
  const answered = { headers: jsonHeaders(programHeaders({ https })) };
  // Of tokens that are given again: a clone costs a third of an answer made anew.
  const prepared = new WeakMap<MintedToken, Response>();

  function get(request: Request, attempt: Attempt): Eventual<Response> {
    const parameters = readParameters(queryOf(request.url));
    if (secretParameters.some((name) => parameters.has(name))) throw new SecretInUrl();
    attempt.grant = grants.requestToken;
    return andThen(issue(attempt, { parameters, request }), valueOf);
  }

  function valueOf(minted: MintedToken): Response {
    // A compact JWS needs no escape in JSON.
    const make = () => new Response(`{"value":"${minted.token}"}`, answered);
    if (!minted.reusable) return make();
    let answer = prepared.get(minted);
    if (answer === undefined) prepared.set(minted, answer = make());
    return answer.clone();
  }

  async function post(request: Request, attempt: Attempt): Promise<Response> {
    if (queryOf(request.url) !== "") {
      throw new TokenError(
        "invalid_request",
        "Cannot read the request: send parameters in the body only",
      );
    }
    const parameters = await readForm(request);
    attempt.grant = findGrant(parameters.get("grant_type"));
    const { token, claims } = await issue(attempt, { parameters, request });
    const answer = attempt.grant.answer(parameters);
    const body: GrantAnswer = {
      access_token: token,
      ...answer,
      expires_in: Number(claims.exp) - Math.floor(now() / 1000),
    };
    return new Response(JSON.stringify(body), answered);
  }

  function findGrant(type: string | undefined): Grant {
    if (type === undefined) {
      throw new TokenError(
        "invalid_request",
        "Cannot issue a token: the parameter grant_type is missing",
      );
    }
    const grant = grants.byType.get(type);
    if (grant) return grant;
    const known = [...grants.byType.keys()].join(", ");
    throw new TokenError(
      "unsupported_grant_type",
      `Cannot issue a token: use grant_type ${known}`,
    );
  }

  function refuse(error: unknown, attempt: Attempt): Response {
    const { code, reason, response } = refusalOf(error, attempt.grant);
    onEvent?.({ ...attempt, decision: "refused", at: now(), code, reason });
    return addSecurityHeaders(response, { https });
  }

  return (request, info) => {
    const attempt: Attempt = { source: sourceOf(info) };
    const answer = request.method === "POST" ? post : get;
    return orElse(() => answer(request, attempt), (error) => refuse(error, attempt));
  };
}

/** A credential in the URL: answered by 405, since POST is the way (threat 53). */
class SecretInUrl extends Error {}

/** How a failure is answered, and what its event says. */
function refusalOf(
  error: unknown,
  grant: Grant | undefined,
): { code: TokenErrorCode; reason: string; response: Response } {
  if (error instanceof SecretInUrl) {
    const response = methodNotAllowed("POST");
    return { code: "invalid_request", reason: "secret_in_url", response };
  }
  const refusal = error instanceof ProofError && grant
    ? new TokenError(grant.refusal.code, grant.refusal.description, { reason: error.reason })
    : asTokenError(error);
  return { code: refusal.code, reason: refusal.reason, response: tokenError(refusal) };
}

function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start < 0 ? "" : url.slice(start + 1);
}
