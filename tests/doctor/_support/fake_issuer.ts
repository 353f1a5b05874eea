import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** The issuer URL of the fake. */
export const ISSUER = "https://id.acme.test/tenant";
/** The fake's clock. */
export const NOW = Date.UTC(2026, 5, 1, 12, 0, 0);
/** Subject of the workload. */
export const SUBJECT = "deployment:acme/web/production";

/** Everything that a test may spoil. */
export interface Faults {
  issuer?: string;
  discovery?: (body: Record<string, unknown>) => void;
  jwks?: (keys: Record<string, unknown>[]) => void;
  /** Replace the answer of one document. */
  answer?: (path: string, response: Response) => Response | Promise<Response>;
  /** Change the claims of probe tokens. */
  claims?: (claims: Record<string, unknown>) => void;
  header?: (header: Record<string, unknown>) => void;
  /** Sign with a key of another issuer. */
  foreignKey?: boolean;
}

const rsa = await generateKeyPair("RS256", { extractable: true });
const spare = await generateKeyPair("RS256", { extractable: true });
const ec = await generateKeyPair("ES256", { extractable: true });

async function published(
  key: Parameters<typeof exportJWK>[0],
  alg: string,
  kid: string,
): Promise<JWK> {
  const { kty, n, e, crv, x, y } = await exportJWK(key);
  return JSON.parse(JSON.stringify({ kty, use: "sig", alg, kid, n, e, crv, x, y }));
}

const KEYS = [
  await published(rsa.publicKey, "RS256", "rsa-1"),
  await published(spare.publicKey, "RS256", "rsa-2"),
  await published(ec.publicKey, "ES256", "ec-1"),
];

function discoveryOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "ES256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"],
  };
}

/** A correct issuer behind an injected fetch, with the faults of one test. */
export function fakeIssuer(faults: Faults = {}): typeof fetch {
  const issuer = faults.issuer ?? ISSUER;
  return async (input) => {
    const path = String(input).slice(issuer.length);
    const body: Record<string, unknown> = path.endsWith("openid-configuration")
      ? discoveryOf(issuer)
      : { keys: structuredClone(KEYS) };
    if ("issuer" in body) faults.discovery?.(body);
    else faults.jwks?.(body.keys as Record<string, unknown>[]);
    const headers = {
      "content-type": "application/json",
      "cache-control": "public, max-age=600",
      etag: '"1"',
      date: new Date(NOW).toUTCString(),
    };
    const response = new Response(JSON.stringify(body), { headers });
    return await faults.answer?.(path, response) ?? response;
  };
}

/** Mint a token as the fake issuer would. */
export async function mintToken(audience: string, faults: Faults = {}): Promise<string> {
  const iat = NOW / 1000;
  const claims: Record<string, unknown> = {
    iss: faults.issuer ?? ISSUER,
    sub: SUBJECT,
    aud: audience,
    iat,
    nbf: iat - 60,
    exp: iat + 900,
    jti: "1",
    org: "acme",
  };
  faults.claims?.(claims);
  const header: Record<string, unknown> = { alg: "RS256", kid: "rsa-1", typ: "JWT" };
  faults.header?.(header);
  const key = faults.foreignKey ? spare : header.alg === "ES256" ? ec : rsa;
  return await new SignJWT(claims)
    .setProtectedHeader(header as { alg: string })
    .sign(key.privateKey, { crit: { x: true } });
}
