import { createHash, timingSafeEqual } from "node:crypto";
import { IdTokenError } from "../../client/errors.ts";

/** What the agent's endpoint is made from. */
export interface EndpointOptions {
  /** The one `Host` that is answered, such as `127.0.0.1:41234`. */
  readonly authority: () => string;
  /** What a caller has to present. */
  readonly bearer: string;
  readonly getIdToken: (audience: string) => Promise<string>;
}

/**
 * Answers GitHub's request protocol: `GET /token?audience=A` with the bearer gives `{"value": jwt}`.
 * A web page cannot use it: another `Host` (DNS rebinding) is misdirected, nothing allows another
 * origin, and nothing redirects.
 */
export function createEndpoint(options: EndpointOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const authority = options.authority();
    if (request.headers.get("host") !== authority || url.host !== authority) {
      return refuse(421, "misdirected_request", "this endpoint answers to its own address only");
    }
    if (request.method !== "GET") {
      return refuse(405, "method_not_allowed", "only GET is answered", { allow: "GET" });
    }
    if (url.pathname !== "/token") return refuse(404, "not_found", "only /token is here");
    if (!presents(request, options.bearer)) {
      const challenge = { "www-authenticate": "Bearer" };
      return refuse(401, "invalid_token", "the bearer is missing or wrong", challenge);
    }
    return await answer(url.searchParams.getAll("audience"), options);
  };
}

async function answer(audiences: readonly string[], options: EndpointOptions): Promise<Response> {
  const [audience] = audiences;
  if (audiences.length !== 1 || !audience) {
    return refuse(400, "invalid_request", "exactly one audience is needed");
  }
  try {
    return reply(200, { value: await options.getIdToken(audience) });
  } catch (error) {
    return refusalOf(error);
  }
}

/** Digests of one length are compared, so that neither length nor content shows in the time. */
function presents(request: Request, bearer: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(bearer));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

const STATUS: Readonly<Partial<Record<string, number>>> = {
  audience_refused: 403,
  credential_refused: 403,
  exchange_refused: 403,
  request_refused: 403,
  rate_limited: 429,
  unavailable: 503,
  network_error: 503,
  timeout: 503,
};

function refusalOf(error: unknown): Response {
  if (error instanceof TypeError) return refuse(400, "invalid_request", error.message);
  if (!(error instanceof IdTokenError)) return refuse(500, "server_error", "no token was given");
  const wait = error.retryAfterMs;
  const headers: Record<string, string> = wait === undefined
    ? {}
    : { "retry-after": String(Math.ceil(wait / 1000)) };
  return refuse(STATUS[error.code] ?? 500, error.code, error.message, headers);
}

/** `message` is what GitHub's own toolkit shows. */
function refuse(
  status: number,
  error: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return reply(status, { error, message }, headers);
}

function reply(
  status: number,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Response {
  const own = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  return Response.json(body, { status, headers: { ...own, ...headers } });
}
