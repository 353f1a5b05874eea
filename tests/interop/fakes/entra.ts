/**
 * A strict stand-in for Microsoft Entra's token endpoint. It reads the issuer's discovery and keys itself, verifies
 * with jose, compares as Entra compares, and answers in Entra's own shapes and words.
 */
import { audiencesOf, decodeToken, readIssuer, signatureHolds } from "./read_issuer.ts";

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export interface EntraApp {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credentials: readonly FederatedCredential[];
}

export interface FakeEntraOptions {
  readonly apps: readonly EntraApp[];
  readonly now?: () => number;
  /** Lifetime of access tokens in seconds. Default 3,599. */
  readonly seconds?: number;
}

export interface FakeEntra {
  /** Every request, as "METHOD path". */
  readonly log: string[];
  /** Forms that were accepted for checking. */
  readonly forms: URLSearchParams[];
  /** Answered, one each, before anything else happens. */
  readonly faults: (EntraFault | Response)[];
  /** Access tokens, and what each was for. */
  readonly tokens: Map<string, { clientId: string; scope: string }>;
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

/** An error of Entra. */
export class EntraFault extends Error {
  constructor(
    readonly code: number,
    readonly text: string,
    readonly error = "invalid_client",
    readonly status = 400,
  ) {
    super(text);
  }
}

const longest = 600;
const mostCredentials = 20;
const mostKeys = 100;

export function fakeEntra(options: FakeEntraOptions): FakeEntra {
  const { apps, now = Date.now, seconds = 3_599 } = options;
  const log: string[] = [];
  const forms: URLSearchParams[] = [];
  const faults: (EntraFault | Response)[] = [];
  const tokens: FakeEntra["tokens"] = new Map();
  for (const app of apps) checkApp(app);

  async function issue(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    forms.push(form);
    const app = appOf(request, form, apps);
    const scope = form.get("scope") ?? "";
    if (!/^\S+\/\.default$/.test(scope)) {
      const text = `The provided value for scope ${scope} is not valid.`;
      throw new EntraFault(1002012, text, "invalid_scope");
    }
    await checkAssertion(form.get("client_assertion") ?? "", app, now());
    const access_token = `at.${crypto.randomUUID()}`;
    tokens.set(access_token, { clientId: app.clientId, scope });
    const body = {
      token_type: "Bearer",
      expires_in: seconds,
      ext_expires_in: seconds,
      access_token,
    };
    return Response.json(body, { headers: { "cache-control": "no-store" } });
  }

  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const { pathname } = new URL(request.url);
    log.push(`${request.method} ${pathname}`);
    if (pathname === "/whoami") return whoami(request, tokens);
    if (pathname.endsWith("/v2.0/.well-known/openid-configuration")) return discovery(request);
    const fault = faults.shift();
    if (fault instanceof Response) return fault;
    try {
      if (fault) throw fault;
      return await issue(request);
    } catch (error) {
      return faultResponse(error, now());
    }
  };
  return { log, forms, faults, tokens, fetch: answer };
}

function checkApp({ credentials }: EntraApp): void {
  const tooLong = credentials.some((credential) =>
    Object.values(credential).some((value) => value.length > longest || value !== value.trim())
  );
  if (tooLong || credentials.length > mostCredentials) {
    throw new Error("Entra would not store these federated identity credentials");
  }
}

function appOf(request: Request, form: URLSearchParams, apps: readonly EntraApp[]): EntraApp {
  const tenantId = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(new URL(request.url).pathname)?.[1];
  if (request.method !== "POST" || !apps.some((app) => app.tenantId === tenantId)) {
    throw new EntraFault(90002, `Tenant '${tenantId}' not found.`, "invalid_request");
  }
  const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  if (
    form.get("grant_type") !== "client_credentials" ||
    form.get("client_assertion_type") !== jwtBearer || form.has("client_secret")
  ) {
    const text = "The request body must contain the following parameter: 'client_assertion'.";
    throw new EntraFault(900144, text, "invalid_request");
  }
  const clientId = form.get("client_id");
  const app = apps.find((known) => known.tenantId === tenantId && known.clientId === clientId);
  if (app) return app;
  const text =
    `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`;
  throw new EntraFault(700016, text, "unauthorized_client");
}

async function checkAssertion(assertion: string, app: EntraApp, now: number): Promise<void> {
  const raw = decodeToken(assertion);
  if (!raw) throw new EntraFault(50027, "JWT token is invalid or malformed.", "invalid_request");
  const { header, claims } = raw;
  if (header.alg !== "RS256") {
    const text = `Invalid JWT token. '${header.alg}' is not a supported signature algorithm.`;
    throw new EntraFault(5002738, text, "invalid_request", 401);
  }
  match(claims, app.credentials);
  const seconds = now / 1000;
  const { exp, nbf } = claims;
  if (typeof exp !== "number" || exp < seconds - 300 || (Number(nbf) || 0) > seconds + 300) {
    const text = "Client assertion is not within its valid time range.";
    throw new EntraFault(700024, text, "invalid_client", 401);
  }
  const issuer = await readIssuer(String(claims.iss));
  if (!issuer) throw new EntraFault(50166, "Request to External OIDC endpoint failed.");
  const key = issuer.keys.slice(0, mostKeys).find(({ kid }) =>
    kid !== undefined && kid === header.kid
  );
  if (!key || !await signatureHolds(assertion, key, "RS256")) {
    const text =
      `Invalid signature. The key was not found. [Thumbprint of key used by client: '${header.kid}']`;
    throw new EntraFault(7000272, text, "invalid_client", 401);
  }
}

function match(claims: Record<string, unknown>, all: readonly FederatedCredential[]): void {
  const [audience, ...more] = audiencesOf(claims);
  const token = {
    issuer: claims.iss,
    audience: more.length ? undefined : audience,
    subject: claims.sub,
  };
  const names = ["issuer", "audience", "subject"] as const;
  const codes = { issuer: 700211, audience: 700212, subject: 700213 };
  let left = all;
  for (const name of names) {
    const same = left.filter((credential) => credential[name] === token[name]);
    if (same.length === 0) {
      const folded = left.some((credential) =>
        credential[name].toLowerCase() === String(token[name]).toLowerCase()
      );
      const text = `No matching federated identity record found for presented assertion ${name} '${
        token[name]
      }'. Please note that the matching is done using a case-sensitive comparison.`;
      throw new EntraFault(folded ? 7002138 : codes[name], text, "invalid_client", 401);
    }
    left = same;
  }
}

function faultResponse(error: unknown, now: number): Response {
  if (!(error instanceof EntraFault)) throw error;
  const time = new Date(now).toISOString().replace("T", " ").replace(/\.\d{3}/, "");
  const trace_id = "0dbf1d6c-8f8c-4e4c-9d3a-1d3c9f3d0900";
  const correlation_id = "7d6f2a94-cc6d-4e3f-8f4d-2f9c0f4b1c11";
  const error_description =
    `AADSTS${error.code}: ${error.text} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${time}`;
  const body = {
    error: error.error,
    error_description,
    error_codes: [error.code],
    timestamp: time,
  };
  return Response.json({ ...body, trace_id, correlation_id }, { status: error.status });
}

/** What Entra says of a tenant; its libraries read it before they ask for a token. */
function discovery(request: Request): Response {
  const { origin, pathname } = new URL(request.url);
  const tenant = `${origin}/${pathname.split("/")[1]}`;
  return Response.json({
    issuer: `${tenant}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
    end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
  });
}

function whoami(request: Request, tokens: FakeEntra["tokens"]): Response {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
  const found = tokens.get(token);
  return found ? Response.json(found) : new Response(null, { status: 401 });
}
