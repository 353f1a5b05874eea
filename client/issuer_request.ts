import { IdTokenError, type IdTokenErrorCode } from "./errors.ts";
import { type HttpReply, send } from "./http.ts";
import { jsonMember, jsonObject, requireOk, said } from "./http_answer.ts";
import type { SourceToken, TokenRequest } from "./source.ts";

/** The parameters of a Signet token request, the same for GET and POST. */
export function issuerParameters(request: TokenRequest): Record<string, string> {
  const { audience, ttl, roles, sessionTags, sourceIdentity } = request;
  const parameters: Record<string, string> = { audience };
  if (ttl !== undefined) parameters.ttl = ttl.toString();
  if (roles?.length) parameters.roles = roles.join(" ");
  if (sessionTags?.length) parameters.session_tags = sessionTags.join(" ");
  if (sourceIdentity) parameters.source_identity = sourceIdentity;
  return parameters;
}

/** POSTs a grant to the issuer's token endpoint (RFC 6749 section 4.4). */
export function postForm(
  request: TokenRequest,
  { grant, issuer, label, ...io }: {
    grant: Record<string, string>;
    issuer: string;
    label: string;
    fetch: typeof fetch;
    now: () => number;
  },
): Promise<HttpReply> {
  return send({
    url: `${issuer}/token`,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams({ ...grant, ...issuerParameters(request) }).toString(),
    signal: request.signal,
    label,
  }, io);
}

/** The token of the issuer's answer; throws what its refusal means for the user. */
export function issuedToken(reply: HttpReply, member: string, asker: Asker): SourceToken {
  requireOk(reply, (refused) => issuerAdvice(refused, asker));
  const { sentAt, serverDate } = reply;
  return { token: jsonMember(reply, member), sentAt, serverDate };
}

/** Who asks, for advice that can be followed. */
export interface Asker {
  /** The issuer URL. */
  readonly issuer: string;
  /** Workload id, where the client knows it. */
  readonly workload: string | undefined;
  /** The audience that was asked for. */
  readonly audience: string;
}

// What an OAuth error (RFC 6749 section 5.2, RFC 8707 section 2) means for the user.
function issuerAdvice(
  reply: HttpReply,
  asker: Asker,
): { code: IdTokenErrorCode; advice: string } {
  const error = jsonObject(reply.text)?.error;
  const { code, advice } = table(asker)[String(error)] ?? fallback(reply, asker);
  return { code, advice: advice + said(reply) };
}

/** The error for options that only a Signet issuer understands. */
export function refuseIssuerOptions(request: TokenRequest, label: string): void {
  const { roles, sessionTags, sourceIdentity } = request;
  const used = Object.entries({ roles, sessionTags, sourceIdentity })
    .filter(([, value]) => value !== undefined && value.length > 0)
    .map(([name]) => name);
  if (used.length === 0) return;
  const message = `Cannot honor ${used.join(", ")}: ${label} mints the token, and only a Signet ` +
    "issuer can. Set SIGNET_ISSUER, or leave the option out";
  throw new IdTokenError(message, { code: "unsupported_option" });
}

type Advice = { code: IdTokenErrorCode; advice: string };

function table({ issuer, workload, audience }: Asker): Record<string, Advice | undefined> {
  const name = workload ?? "<workload>";
  const credential: Advice = {
    code: "credential_refused",
    advice: "the credential is unknown, expired or revoked. " +
      `Make a new one with "signet credential add ${name}" and replace the old`,
  };
  return {
    __proto__: null as never,
    invalid_client: credential,
    invalid_token: credential,
    invalid_target: {
      code: "audience_refused",
      advice: `the workload may not ask for audience ${audience}. Add it to "audiences" of ` +
        `workload ${name} (PATCH ${issuer}/admin/workloads/${name})`,
    },
    invalid_grant: {
      code: "exchange_refused",
      advice: "no trust rule accepts this token. Find the claim that differs with " +
        '"signet explain <token>", then correct "trust" of the workload',
    },
    unauthorized_client: {
      code: "credential_refused",
      advice: `workload ${name} may not use this way in. Add a credential of this kind to it`,
    },
  };
}

function fallback(reply: HttpReply, { issuer }: Asker): Advice {
  if (reply.status === 404) {
    const advice = `there is no token endpoint at ${issuer}/token. Check SIGNET_ISSUER`;
    return { code: "invalid_response", advice };
  }
  return { code: "request_refused", advice: "the request is refused" };
}
