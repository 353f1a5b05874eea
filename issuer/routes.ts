import type { Algorithm } from "../keys/algorithm.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { KeyPolicy } from "../keys/key_policy.ts";
import { orElse } from "./eventual.ts";
import type { Route } from "./handler.ts";
import { checkHealth } from "./health.ts";
import { jwksEndpoint } from "./jwks_endpoint.ts";
import { issuerMetadata } from "./metadata.ts";
import { pageRoutes } from "./page/page_routes.ts";
import { type PublicDocument, publicDocument, respondWithDocument } from "./public_document.ts";
import { unavailableDocument } from "./respond.ts";
import { addSecurityHeaders, securityHeaders } from "./security_headers.ts";
import type { TokenEndpoint } from "./token_endpoint.ts";

/** What the routes are made of. */
export interface RouteOptions {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  readonly keyring: Keyring;
  readonly token: TokenEndpoint;
  readonly grantTypes: readonly string[];
  readonly policy: KeyPolicy;
  readonly now: () => number;
  /** Whether anybody can be an administrator. */
  readonly hasConsole: boolean;
}

/** Every public route by its full path; a path issuer has its metadata at both places of RFC 8414 §3.1. */
export function issuerRoutes(options: RouteOptions): ReadonlyMap<string, Route> {
  const { issuer, algorithms, keyring, token } = options;
  const base = new URL(issuer).pathname.replace(/\/$/, "");
  const maxAge = options.policy.jwksMaxAge / 1000;
  const https = issuer.startsWith("https:");
  const headers = securityHeaders({ https });
  let metadata: PublicDocument | undefined;
  const makeMetadata = () =>
    publicDocument(
      issuerMetadata({
        ...{ issuer, algorithms, grantTypes: options.grantTypes },
        authMethods: ["private_key_jwt", "none"],
      }),
      { maxAge, contentType: "application/json", headers },
    );
  const discovery: Route = {
    secured: true,
    GET: (request) => respondWithDocument(request, metadata ??= makeMetadata()),
  };
  const jwks = jwksEndpoint({ keyring, maxAge, headers });
  return new Map<string, Route>([
    [`${base}/.well-known/openid-configuration`, discovery],
    [`${base}/.well-known/oauth-authorization-server`, discovery],
    [`/.well-known/oauth-authorization-server${base}`, discovery],
    [`${base}/.well-known/jwks.json`, {
      secured: true,
      GET: (request) =>
        orElse(
          () => jwks(request),
          (error) => addSecurityHeaders(unavailableDocument(error), { https }),
        ),
    }],
    [`${base}/token`, { secured: true, GET: token, POST: token }],
    [`${base}/healthz`, { GET: () => checkHealth(keyring, algorithms) }],
    ...pageRoutes(base, options),
  ]);
}
