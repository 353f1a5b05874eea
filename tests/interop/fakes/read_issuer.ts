/** How a relying party reads an issuer: discovery, then its keys, with nothing of ours in between. */
import { Buffer } from "node:buffer";
import { compactVerify, importJWK, type JWK } from "jose";

export interface IssuerKeys {
  readonly metadata: Record<string, unknown>;
  readonly keys: JWK[];
}

export interface RawToken {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly payload: string;
}

/** Discovery and JWKS of `issuer`, or undefined when either cannot be read or is not what it should be. */
export async function readIssuer(issuer: string): Promise<IssuerKeys | undefined> {
  const metadata = await readJson(`${issuer}/.well-known/openid-configuration`);
  if (!metadata || metadata.issuer !== issuer || typeof metadata.jwks_uri !== "string") {
    return undefined;
  }
  const jwks = await readJson(metadata.jwks_uri);
  return Array.isArray(jwks?.keys) ? { metadata, keys: jwks.keys } : undefined;
}

async function readJson(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(url, { redirect: "error" });
    const text = await response.text();
    return response.ok ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Header and claims of a compact JWS, unverified; undefined when it is none. */
export function decodeToken(token: string): RawToken | undefined {
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  try {
    const payload = Buffer.from(parts[1]!, "base64url").toString();
    const header = JSON.parse(Buffer.from(parts[0]!, "base64url").toString());
    return { header, claims: JSON.parse(payload), payload };
  } catch {
    return undefined;
  }
}

/** Whether `jwk` verifies the token's signature, by jose. */
export async function signatureHolds(token: string, jwk: JWK, alg: string): Promise<boolean> {
  try {
    await compactVerify(token, await importJWK(jwk, alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}

/** The audiences of a token as a list. */
export function audiencesOf(claims: Record<string, unknown>): unknown[] {
  return Array.isArray(claims.aud) ? claims.aud : claims.aud === undefined ? [] : [claims.aud];
}
