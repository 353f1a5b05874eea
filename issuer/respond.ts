import { Problem, type ProblemCode, TokenError, type TokenErrorCode } from "./errors.ts";
import { KvError } from "../kv/errors.ts";
import { KeyringError } from "../keys/errors.ts";

const tokenStatus: Record<TokenErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_target: 400,
  slow_down: 429,
  temporarily_unavailable: 503,
};

const problemStatus: Record<ProblemCode, [status: number, title: string]> = {
  invalid: [400, "The request breaks a rule"],
  unauthenticated: [401, "The administrator is not known"],
  not_found: [404, "There is no such thing"],
  conflict: [409, "It stands against what is there"],
  read_only: [409, "It is kept in the configuration file"],
  precondition_required: [428, "If-Match is missing"],
  precondition_failed: [412, "Somebody else changed it meanwhile"],
  unsupported_media_type: [415, "The body is not JSON"],
  too_large: [413, "The body is too large"],
  timeout: [408, "The body did not arrive in time"],
  unavailable: [503, "Try again soon"],
};

/** Seconds after which a caller may try again when the store or the signer is busy. */
const retrySoon = 2;

const noStore = { "cache-control": "no-store" };

/** A JSON answer that no cache keeps. */
export function json(
  value: unknown,
  init: { status?: number; headers?: HeadersInit } = {},
): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  headers.set("cache-control", "no-store");
  return new Response(JSON.stringify(value), { status: init.status ?? 200, headers });
}

/** As {@linkcode json} answers, with headers made once: setting them one by one is half of a token's cost. */
export function jsonHeaders(more: Readonly<Record<string, string>>): Record<string, string> {
  return { "content-type": "application/json", ...noStore, ...more };
}

/** An answer without a body. */
export function empty(status: 204 | 304, headers: HeadersInit = {}): Response {
  return new Response(null, { status, headers });
}

/** 404 for a path that is none of the issuer's. */
export function notFound(): Response {
  return problem(new Problem("not_found", "Cannot find anything at this path"));
}

/** 405 with the methods that the route has (RFC 9110 §15.5.6). */
export function methodNotAllowed(allow: string): Response {
  const body = {
    type: "about:blank",
    title: "Method Not Allowed",
    status: 405,
    detail: `Use ${allow}`,
  };
  return problemResponse(body, { allow });
}

/** 421 for a host that this issuer does not serve (RFC 9110 §15.5.20). */
export function misdirected(): Response {
  const detail = "Cannot answer for this host: it is not one of the issuer's";
  return problemResponse({
    type: "about:blank",
    title: "Misdirected Request",
    status: 421,
    detail,
  });
}

/** An OAuth error (RFC 6749 §5.2). */
export function tokenError(error: unknown): Response {
  const known = asTokenError(error);
  const headers: Record<string, string> = {};
  if (known.code === "invalid_client") headers["www-authenticate"] = `Bearer realm="signet"`;
  if (known.retryAfter !== undefined) headers["retry-after"] = String(known.retryAfter);
  const body = { error: known.code, error_description: known.message };
  return json(body, { status: tokenStatus[known.code], headers });
}

/** What a failure inside a token request means to its caller; anything unexpected is a 503. */
export function asTokenError(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  const reason = reasonOf(error);
  const description = "Cannot issue a token now: try again soon";
  return new TokenError("temporarily_unavailable", description, { reason, retryAfter: retrySoon });
}

/** A problem document (RFC 9457). */
export function problem(error: unknown): Response {
  const known = error instanceof Problem ? error : new Problem("unavailable", detailOf(error));
  const [status, title] = problemStatus[known.code];
  const headers: Record<string, string> = {};
  if (status === 401) headers["www-authenticate"] = `Bearer realm="signet admin"`;
  if (status === 503) headers["retry-after"] = String(retrySoon);
  if (known.current) headers.etag = known.current;
  const body = {
    type: `urn:signet:problem:${known.code}`,
    title,
    status,
    detail: known.message,
    errors: known.faults,
    current: known.current,
  };
  return problemResponse(body, headers);
}

/** What is wrong with the keys or the store is told as it is: to whom a problem goes can mend it. */
function detailOf(error: unknown): string {
  if (error instanceof KvError || error instanceof KeyringError) return error.message;
  return "Cannot carry this out now: try again soon";
}

/** Whether the issuer can sign, for load balancers. */
export function health(reason?: string): Response {
  if (reason === undefined) return json({ status: "ok" });
  const headers = { "retry-after": String(retrySoon) };
  return json({ status: "error", reason }, { status: 503, headers });
}

/** A short word for a failure, safe to log: never the message of an unknown error. */
export function reasonOf(error: unknown): string {
  if (error instanceof TokenError) return error.reason;
  if (error instanceof KvError || error instanceof KeyringError) return error.code;
  if (error instanceof Problem) return error.code;
  return error instanceof Error ? error.name : "unknown";
}

function problemResponse(
  body: { readonly status: number; readonly [member: string]: unknown },
  headers: Record<string, string> = {},
): Response {
  const init = { ...noStore, "content-type": "application/problem+json", ...headers };
  return new Response(JSON.stringify(body), { status: body.status, headers: init });
}

/** 503 for a public document that cannot be made; never an empty key set (security.md 2.10). */
export function unavailableDocument(error: unknown): Response {
  return health(reasonOf(error));
}
