/**
 * A strict stand-in for Vault (and OpenBao): the JWT auth method, the token API and a key-value engine. It reads
 * the issuer's discovery and keys itself, verifies with jose, checks as hashicorp/cap checks, in its order and words.
 */
import {
  audiencesOf,
  decodeToken,
  type RawToken,
  readIssuer,
  signatureHolds,
} from "./read_issuer.ts";

export interface VaultRole {
  readonly roleType?: "jwt" | "oidc";
  readonly boundAudiences?: readonly string[];
  readonly boundSubject?: string;
  readonly boundClaims?: Record<string, string>;
  /** Seconds. */
  readonly ttl?: number;
  readonly maxTtl?: number;
  readonly batch?: boolean;
}

export interface FakeVaultOptions {
  readonly issuer: string;
  readonly boundIssuer?: string;
  readonly algorithms?: readonly string[];
  readonly mount?: string;
  readonly namespace?: string;
  readonly roles: Record<string, VaultRole>;
  readonly now?: () => number;
}

interface Lease {
  readonly role: string;
  readonly namespace: string;
  readonly bornAt: number;
  expiresAt: number;
}

export interface FakeVault {
  /** Every request, as "METHOD path". */
  readonly log: string[];
  /** Answered, one each, before anything else happens. */
  readonly faults: Response[];
  readonly leases: Map<string, Lease>;
  readonly secrets: Map<string, unknown>;
  /** Answers a request; also usable as `fetch`, whatever the host. */
  readonly fetch: typeof fetch;
}

class VaultFault extends Error {
  constructor(readonly status: number, text: string) {
    super(text);
  }
}

const skew = 60;
const bad = (text: string): VaultFault => new VaultFault(400, text);
const invalid = (text: string): VaultFault => bad(`error validating token: ${text}`);
const denied = (): VaultFault => new VaultFault(403, "permission denied");

export function fakeVault(options: FakeVaultOptions): FakeVault {
  const { now = Date.now, namespace = "", mount = "jwt" } = options;
  const log: string[] = [];
  const faults: Response[] = [];
  const leases: FakeVault["leases"] = new Map();
  const secrets: FakeVault["secrets"] = new Map();

  async function route(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace(/^\/v1\//, "");
    const inNamespace = request.headers.get("x-vault-namespace") ?? "";
    if (request.headers.get("x-vault-request") !== "true") throw bad("missing X-Vault-Request");
    if (path === `auth/${mount}/login` && inNamespace === namespace) return await login(request);
    if (path.startsWith("auth/") && !path.startsWith("auth/token/")) {
      throw new VaultFault(404, `no handler for route "${path}". route entry not found.`);
    }
    const token = request.headers.get("x-vault-token") ?? "";
    const lease = leases.get(token);
    if (!lease || lease.expiresAt <= now() || lease.namespace !== inNamespace) {
      const text = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n";
      throw new VaultFault(403, text);
    }
    if (path === "auth/token/renew-self") return authResponse(token, renew(lease));
    if (path === "auth/token/revoke-self") return revoke(token);
    return await keyValue(request, path, lease);
  }

  async function login(request: Request): Promise<Response> {
    const { role: name, jwt } = await request.json();
    if (!name) throw bad("missing role");
    const role = options.roles[name];
    if (!role) throw bad(`role "${name}" could not be found`);
    if (role.roleType === "oidc") throw bad("role with oidc role_type is not allowed");
    if (!jwt) throw bad("missing token");
    await checkToken(jwt, role, options, now());
    const prefix = role.batch ? "hvb" : "hvs";
    const token = `${prefix}.${crypto.randomUUID()}`;
    const expiresAt = now() + (role.ttl ?? 3_600) * 1000;
    const lease = { role: name, namespace, bornAt: now(), expiresAt };
    leases.set(token, lease);
    return authResponse(token, lease);
  }

  function renew(lease: Lease): Lease {
    const { ttl = 3_600, maxTtl = 86_400 } = options.roles[lease.role]!;
    lease.expiresAt = Math.min(now() + ttl * 1000, lease.bornAt + maxTtl * 1000);
    return lease;
  }

  function revoke(token: string): Response {
    if (token.startsWith("hvb.")) throw bad("batch tokens cannot be revoked");
    leases.delete(token);
    return new Response(null, { status: 204 });
  }

  async function keyValue(request: Request, path: string, lease: Lease): Promise<Response> {
    if (!path.startsWith(`secret/data/${lease.role}`)) throw denied();
    if (request.method === "POST") {
      secrets.set(path, (await request.json()).data);
      return Response.json({ data: { version: 1 } });
    }
    if (!secrets.has(path)) throw new VaultFault(404, "");
    return Response.json({ data: { data: secrets.get(path), metadata: { version: 1 } } });
  }

  function authResponse(token: string, lease: Lease): Response {
    const batch = token.startsWith("hvb.");
    const auth = {
      client_token: token,
      accessor: batch ? "" : "acc-1",
      policies: ["default", lease.role],
      token_policies: ["default", lease.role],
      metadata: { role: lease.role },
      lease_duration: Math.floor((lease.expiresAt - now()) / 1000),
      renewable: !batch,
      entity_id: "e-1",
      token_type: batch ? "batch" : "service",
      orphan: true,
      mfa_requirement: null,
      num_uses: 0,
    };
    return Response.json({ request_id: "r-1", lease_id: "", renewable: false, data: null, auth });
  }

  const answer: typeof fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init);
    log.push(`${request.method} ${new URL(request.url).pathname}`);
    const fault = faults.shift();
    if (fault) return fault;
    try {
      return await route(request);
    } catch (error) {
      if (!(error instanceof VaultFault)) throw error;
      const errors = error.message ? [error.message] : [];
      return Response.json({ errors }, { status: error.status });
    }
  };
  return { log, faults, leases, secrets, fetch: answer };
}

async function checkToken(
  token: string,
  role: VaultRole,
  options: FakeVaultOptions,
  now: number,
): Promise<void> {
  const raw = decodeToken(token);
  if (!raw) throw invalid("error verifying token: malformed jwt");
  const { claims, header } = raw;
  const names = Object.keys(claims).map((name) => name.toLowerCase());
  if (new Set(names).size !== names.length) throw invalid("ambiguous claim");
  await checkSignature(token, raw, options);
  const algorithms = options.algorithms ?? ["RS256", "ES256", "PS256", "EdDSA"];
  if (!algorithms.includes(String(header.alg))) {
    throw invalid("token signed with unexpected algorithm");
  }
  if (options.boundIssuer !== undefined && claims.iss !== options.boundIssuer) {
    throw invalid("invalid issuer (iss) claim");
  }
  if (role.boundSubject !== undefined && claims.sub !== role.boundSubject) {
    throw invalid("invalid subject (sub) claim");
  }
  checkTimes(claims, now / 1000);
  const audiences = audiencesOf(claims);
  if (audiences.length && !role.boundAudiences?.length) {
    throw bad("audience claim found in JWT but no audiences bound to the role");
  }
  if (audiences.length && !audiences.some((one) => role.boundAudiences!.includes(String(one)))) {
    throw invalid(
      "invalid audience (aud) claim: audience claim does not match any expected audience",
    );
  }
  if (typeof claims.sub !== "string") throw bad('claim "sub" not found in token');
  for (const [name, value] of Object.entries(role.boundClaims ?? {})) {
    if (claims[name] === value) continue;
    const text = `claim "${name}" does not match any associated bound claim values`;
    throw bad(`error validating claims: ${text}`);
  }
}

async function checkSignature(
  token: string,
  { header }: RawToken,
  options: FakeVaultOptions,
): Promise<void> {
  const issuer = await readIssuer(options.issuer);
  const key = issuer?.keys.find(({ kid }) => kid === header.kid);
  if (key && await signatureHolds(token, key, String(header.alg))) return;
  throw invalid(
    "error verifying token signature: no known key successfully validated the token signature",
  );
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const { exp, nbf, iat } = claims as { exp?: number; nbf?: number; iat?: number };
  if (exp === undefined && nbf === undefined && iat === undefined) {
    throw invalid("no issued at (iat), not before (nbf), or expiration time (exp) claims in token");
  }
  // A missing exp or nbf is made up from the others, with 150 seconds to spare.
  if (now > (exp ?? (iat ?? nbf!) + 150) + skew) {
    throw invalid("invalid expiration time (exp) claim: token is expired");
  }
  if (now < (nbf ?? (iat ?? exp!) - 150) - skew) {
    throw invalid("invalid not before (nbf) claim: token not yet valid");
  }
  if (iat !== undefined && now < iat - skew) {
    throw invalid("invalid issued at (iat) claim: token issued in the future");
  }
}
