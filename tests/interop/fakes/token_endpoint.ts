/**
 * A strict token endpoint: RFC 8693 and RFC 7523 to the letter, and the two shapes that services made of their own
 * (a bearer token and a query, as octo-sts; a parameter of another name, as Tailscale). It reads the issuer's
 * discovery and keys itself and verifies with jose.
 */
import { audiencesOf, decodeToken, readIssuer, signatureHolds } from "./read_issuer.ts";

export interface FakeTokenEndpointOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  /** Scopes that may be asked for. */
  readonly scopes?: readonly string[];
  /** Seconds; undefined leaves `expires_in` out. Default 3,600. */
  readonly seconds?: number | null;
  readonly now?: () => number;
}

export interface FakeTokenEndpoint {
  /** Every request, as "METHOD path". */
  readonly log: string[];
  /** What was sent, in order. */
  readonly parameters: Record<string, string>[];
  /** Answered, one each, before anything else happens. */
  readonly faults: Response[];
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

const urn = "urn:ietf:params:oauth";
const tokenTypes = [`${urn}:token-type:jwt`, `${urn}:token-type:id_token`];

class OAuthFault extends Error {
  constructor(readonly error: string, text: string) {
    super(text);
  }
}

export function fakeTokenEndpoint(options: FakeTokenEndpointOptions): FakeTokenEndpoint {
  const { now = Date.now, scopes = ["read"], seconds = 3_600 } = options;
  const log: string[] = [];
  const parameters: Record<string, string>[] = [];
  const faults: Response[] = [];
  let serial = 0;

  async function answerSound(request: Request): Promise<Response> {
    const sent = await parametersOf(request);
    parameters.push(sent);
    const { token, exchange } = presented(request, sent);
    await checkToken(token, options, now());
    if (sent.scope !== undefined && !sent.scope.split(" ").every((one) => scopes.includes(one))) {
      throw new OAuthFault("invalid_scope", "The requested scope is invalid.");
    }
    const name = new URL(request.url).pathname === "/sts/exchange" ? "token" : "access_token";
    return Response.json({
      [name]: `tok.${++serial}`,
      token_type: "Bearer",
      ...(seconds !== null && { expires_in: seconds }),
      ...(exchange && { issued_token_type: `${urn}:token-type:access_token` }),
      ...(sent.scope && { scope: sent.scope }),
    });
  }

  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    log.push(`${request.method} ${new URL(request.url).pathname}`);
    const fault = faults.shift();
    if (fault) return fault;
    try {
      return await answerSound(request);
    } catch (error) {
      if (!(error instanceof OAuthFault)) throw error;
      const body = { error: error.error, error_description: error.message };
      return Response.json(body, { status: 400, headers: { "cache-control": "no-store" } });
    }
  };
  return { log, parameters, faults, fetch: answer };
}

async function parametersOf(request: Request): Promise<Record<string, string>> {
  if (request.method === "GET") return Object.fromEntries(new URL(request.url).searchParams);
  const type = request.headers.get("content-type");
  if (type === "application/json") return await request.json();
  if (type === "application/x-www-form-urlencoded") {
    return Object.fromEntries(new URLSearchParams(await request.text()));
  }
  throw new OAuthFault("invalid_request", "The content type is not supported.");
}

/** The token, by whichever way in the path stands for. */
function presented(
  request: Request,
  sent: Record<string, string>,
): { token: string; exchange: boolean } {
  const { pathname } = new URL(request.url);
  if (pathname === "/sts/exchange") {
    if (!sent.identity) throw new OAuthFault("invalid_request", "identity is missing");
    const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    return { token, exchange: false };
  }
  if (pathname === "/api/v2/oauth/token-exchange") {
    if (!sent.client_id) throw new OAuthFault("invalid_client", "client_id is missing");
    return { token: sent.jwt ?? "", exchange: false };
  }
  if (sent.grant_type === `${urn}:grant-type:jwt-bearer`) {
    return { token: sent.assertion ?? "", exchange: false };
  }
  if (sent.grant_type !== `${urn}:grant-type:token-exchange`) {
    throw new OAuthFault("unsupported_grant_type", "The grant type is not supported.");
  }
  if (!tokenTypes.includes(sent.subject_token_type ?? "")) {
    throw new OAuthFault("invalid_request", "subject_token_type is missing or unknown");
  }
  return { token: sent.subject_token ?? "", exchange: true };
}

async function checkToken(
  token: string,
  { issuer, audience, subject }: FakeTokenEndpointOptions,
  now: number,
): Promise<void> {
  const raw = decodeToken(token);
  const keys = (await readIssuer(issuer))?.keys ?? [];
  const key = keys.find(({ kid }) => kid === raw?.header.kid);
  const sound = raw && key && await signatureHolds(token, key, String(raw.header.alg));
  if (!sound) throw new OAuthFault("invalid_grant", "The token cannot be verified.");
  const { claims } = raw;
  const fits = claims.iss === issuer && claims.sub === subject && Number(claims.exp) * 1000 > now &&
    audiencesOf(claims).length === 1 && audiencesOf(claims)[0] === audience;
  if (!fits) throw new OAuthFault("invalid_grant", "The token is not acceptable.");
}
