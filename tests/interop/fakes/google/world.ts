/** What the stand-in for Google knows, and its two shapes of error. */
import type { JWK } from "jose";

export interface PoolProvider {
  /** `//iam.googleapis.com/projects/…/providers/…` */
  readonly name: string;
  readonly issuer: string;
  /** Empty: the provider's own name, with or without `https:`. */
  readonly allowedAudiences?: readonly string[];
  /** CEL in reality: what google.subject is made from. Default: `assertion.sub`. */
  readonly subject?: (assertion: Record<string, unknown>) => string;
  readonly condition?: (assertion: Record<string, unknown>) => boolean;
  /** Keys uploaded instead of fetched. */
  readonly jwks?: { keys: JWK[] };
  disabled?: boolean;
}

export interface ServiceAccount {
  readonly email: string;
  /** Principals with roles/iam.workloadIdentityUser. */
  readonly users: readonly string[];
  /** Service accounts with roles/iam.serviceAccountTokenCreator. */
  readonly creators?: readonly string[];
}

export interface Grant {
  readonly principal: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

export interface World {
  readonly providers: readonly PoolProvider[];
  readonly accounts: readonly ServiceAccount[];
  /** Principals that may use the bucket. */
  readonly storageUsers: readonly string[];
  readonly now: () => number;
  readonly grants: Map<string, Grant>;
  readonly objects: Map<string, Uint8Array<ArrayBuffer>>;
}

/** An error of the Security Token Service. */
export class StsFault extends Error {
  constructor(readonly code: string, readonly text: string, readonly status = 400) {
    super(text);
  }
}

/** An error of Google's other APIs. */
export class ApiFault extends Error {
  constructor(readonly status: number, readonly code: string, readonly text: string) {
    super(text);
  }
}

export function faultResponse(error: unknown): Response {
  if (error instanceof StsFault) {
    const body = { error: error.code, error_description: error.text };
    return Response.json(body, { status: error.status });
  }
  if (!(error instanceof ApiFault)) throw error;
  const { status, code, text } = error;
  return Response.json({ error: { code: status, message: text, status: code } }, { status });
}

let serial = 0;

export function grant(world: World, given: Grant): string {
  const token = `ya29.d.${++serial}.${crypto.randomUUID()}`;
  world.grants.set(token, given);
  return token;
}

/** Whom a request's bearer token belongs to. */
export function bearerOf(request: Request, world: World): Grant {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
  const found = world.grants.get(token);
  if (found && found.expiresAt > world.now()) return found;
  throw new ApiFault(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
}
