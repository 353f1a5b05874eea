/**
 * A strict stand-in for a Kubernetes API server with an AuthenticationConfiguration. It reads the issuer's discovery
 * and keys itself, verifies with jose, checks as apiserver's oidc authenticator checks, tells the caller as little
 * as that does, and logs the reason in its words.
 */
import { audiencesOf, decodeToken, readIssuer, signatureHolds } from "./read_issuer.ts";

export interface FakeKubernetesOptions {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Put before `sub` to make the user name. */
  readonly usernamePrefix: string;
  /** CEL in reality: claimValidationRules, message by rule. */
  readonly claimRules?: Record<string, (claims: Record<string, unknown>) => boolean>;
  /** User names that may list pods. */
  readonly viewers?: readonly string[];
  readonly now?: () => number;
}

export interface FakeKubernetes {
  /** Every request, as "METHOD path". */
  readonly requests: string[];
  /** The API server's own log. */
  readonly log: string[];
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

class Unauthorized extends Error {}

const algorithms = /^(?:RS|ES|PS)(?:256|384|512)$/;
const reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

export function fakeKubernetes(options: FakeKubernetesOptions): FakeKubernetes {
  const { now = Date.now, usernamePrefix, viewers = [] } = options;
  const requests: string[] = [];
  const log: string[] = [];
  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const { pathname } = new URL(request.url);
    requests.push(`${request.method} ${pathname}`);
    try {
      const claims = await authenticate(request, options, now());
      const username = `${usernamePrefix}${claims.sub}`;
      if (pathname === reviews && request.method === "POST") return review(username);
      return listPods(pathname, username, viewers);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      log.push(`Unable to authenticate the request: ${error.message}`);
      return status(401, "Unauthorized", "Unauthorized");
    }
  };
  return { requests, log, fetch: answer };
}

async function authenticate(
  request: Request,
  options: FakeKubernetesOptions,
  now: number,
): Promise<Record<string, unknown>> {
  const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  const raw = token ? decodeToken(token) : undefined;
  if (!raw) throw new Unauthorized("invalid bearer token");
  const { claims, header } = raw;
  if (claims.iss !== options.issuer) {
    throw new Unauthorized(
      `oidc: verify token: oidc: id token issued by a different provider, expected "${options.issuer}" got "${claims.iss}"`,
    );
  }
  const issuer = await readIssuer(options.issuer);
  if (!issuer) throw new Unauthorized("oidc: authenticator not initialized");
  const audiences = audiencesOf(claims).map(String);
  if (!audiences.some((audience) => options.audiences.includes(audience))) {
    throw new Unauthorized(
      `oidc: verify token: oidc: expected audience "${options.audiences[0]}" got ${
        JSON.stringify(audiences)
      }`,
    );
  }
  checkTimes(claims, now / 1000);
  const alg = String(header.alg);
  const key = issuer.keys.find(({ kid }) => kid === header.kid);
  if (!algorithms.test(alg) || !key || !await signatureHolds(token!, key, alg)) {
    throw new Unauthorized(
      "oidc: verify token: failed to verify signature: failed to verify id token signature",
    );
  }
  if (typeof claims.sub !== "string") {
    throw new Unauthorized('oidc: parse username claims "sub": claim not present');
  }
  for (const [message, holds] of Object.entries(options.claimRules ?? {})) {
    if (!holds(claims)) {
      throw new Unauthorized(
        `oidc: error evaluating claim validation expression: validation expression failed: ${message}`,
      );
    }
  }
  return claims;
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const { exp, nbf } = claims;
  // The end has no leeway, the beginning a minute.
  if (typeof exp !== "number" || now > exp) {
    throw new Unauthorized(`oidc: verify token: oidc: token is expired (Token Expiry: ${exp})`);
  }
  if (typeof nbf === "number" && now + 60 < nbf) {
    throw new Unauthorized(
      "oidc: verify token: oidc: current time is before the nbf (not before) time",
    );
  }
}

function review(username: string): Response {
  return Response.json({
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { creationTimestamp: null },
    status: { userInfo: { username, groups: ["system:authenticated"] } },
  }, { status: 201 });
}

function listPods(path: string, username: string, viewers: readonly string[]): Response {
  const namespace = /^\/api\/v1\/namespaces\/([^/]+)\/pods$/.exec(path)?.[1];
  if (!namespace) {
    return status(404, "NotFound", "the server could not find the requested resource");
  }
  if (viewers.includes(username)) {
    return Response.json({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] });
  }
  const text =
    `pods is forbidden: User "${username}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`;
  return status(403, "Forbidden", text);
}

function status(code: number, reason: string, message: string): Response {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code,
  };
  return Response.json(body, { status: code });
}
