/** The few claims that the client reads. It does not verify: the token came from its source. */
export interface TokenClaims {
  /** Issuer, where it is a string. */
  iss: string | undefined;
  /** Audiences, one or several, as a list. */
  aud: readonly string[];
  /** Seconds since the epoch, where it is a number. */
  iat: number | undefined;
  /** Seconds since the epoch. */
  exp: number;
  /** Whether the token has an identifier of its own (`jti`). */
  hasId: boolean;
}

const NOT_ASCII = /[^\x20-\x7e]/;
const SHAPE = /^[\w-]+\.([\w-]+)\.[\w-]*$/;

/** Reads a JWT's claims without verifying it; `undefined` when it is not a JWT with an expiry. */
export function readClaims(token: string): TokenClaims | undefined {
  const payload = SHAPE.exec(token)?.[1];
  const claims = payload === undefined ? undefined : parseSegment(payload);
  const exp = claims?.exp;
  if (typeof exp !== "number" || !Number.isFinite(exp)) return undefined;
  const { iss, aud, iat, jti } = claims!;
  return { iss: text(iss), aud: texts(aud), iat: finite(iat), exp, hasId: jti !== undefined };
}

function parseSegment(segment: string): Record<string, unknown> | undefined {
  try {
    const binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
    const value: unknown = JSON.parse(NOT_ASCII.test(binary) ? utf8(binary) : binary);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

function utf8(binary: string): string {
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function finite(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
