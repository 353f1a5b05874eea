/** A tiny issuer for the tests of the cloud helpers: it also mints what no issuer should. */
import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";
import type { GetIdToken, IdTokenWishes } from "../../client/credentials/options.ts";

const aws = "https://aws.amazon.com/";
const encoder = new TextEncoder();
const pairs = new Map<string, Promise<SigningKey>>();

export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** What a token shall differ in from a sound one. */
export interface Mutation {
  /** Claims to replace; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  /** Header members to replace; `undefined` leaves one out. */
  header?: Record<string, unknown>;
  /** The payload as text, whatever it is. */
  payload?: string;
  /** Signs with another key than the published one. */
  key?: SigningKey;
}

export interface CloudIssuer extends AsyncDisposable {
  readonly url: string;
  readonly key: SigningKey;
  /** Members of the JWKS document; change it to publish what no issuer should. */
  jwks: { keys: JWK[] };
  /** Members of the discovery document. */
  metadata: Record<string, unknown>;
  /** Applied to every token that `getIdToken` mints. */
  mutation: Mutation;
  /** How often `getIdToken` was called, and with which wishes. */
  readonly minted: { audience: string; wishes: IdTokenWishes | undefined }[];
  mint(audience: unknown, mutation?: Mutation & { wishes?: IdTokenWishes }): Promise<string>;
  getIdToken: GetIdToken;
}

/** A key made once per kind and name, since making an RSA key takes a while. */
export function signingKey(alg = "RS256", name = "first"): Promise<SigningKey> {
  const id = `${alg} ${name}`;
  if (!pairs.has(id)) pairs.set(id, makeKey(alg, name));
  return pairs.get(id)!;
}

async function makeKey(alg: string, name: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `${name}-${alg}`;
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
  return { alg, kid, privateKey: privateKey as CryptoKey, jwk };
}

/** Serves discovery and JWKS on loopback and mints tokens as a Signet issuer would. */
export async function startCloudIssuer(
  options: { alg?: string; subject?: string; now?: () => number; ttl?: number } = {},
): Promise<CloudIssuer> {
  const { subject = "deployment:acme/web/production", now = Date.now, ttl = 300 } = options;
  const key = await signingKey(options.alg);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/.well-known/openid-configuration") return Response.json(issuer.metadata);
    if (pathname === "/.well-known/jwks.json") return Response.json(issuer.jwks);
    return new Response(null, { status: 404 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  let serial = 0;
  const issuer: CloudIssuer = {
    url,
    key,
    jwks: { keys: [key.jwk] },
    metadata: {
      issuer: url,
      jwks_uri: `${url}/.well-known/jwks.json`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [key.alg],
      claims_supported: ["iss", "sub", "aud", "iat", "nbf", "exp", "jti"],
    },
    mutation: {},
    minted: [],
    mint(audience, { wishes, ...mutation } = {}) {
      const iat = Math.floor(now() / 1000);
      const base = {
        iss: url,
        sub: subject,
        aud: audience,
        iat,
        nbf: iat - 60,
        exp: iat + (wishes?.ttl ?? ttl),
        jti: `t${++serial}`,
        org: "acme",
        app: "web",
        context: "production",
        ...awsClaims(wishes),
      };
      return sign({ key, base, ...mutation });
    },
    getIdToken(audience, wishes) {
      issuer.minted.push({ audience, wishes });
      return issuer.mint(audience, { ...issuer.mutation, wishes });
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return issuer;
}

function sign(
  token: Mutation & { key: SigningKey; base: Record<string, unknown> },
): Promise<string> {
  const { key, base, claims, header, payload } = token;
  const text = payload ?? JSON.stringify({ ...base, ...claims });
  const protectedHeader = { alg: key.alg, kid: key.kid, typ: "JWT", ...header };
  const sound = JSON.parse(JSON.stringify(protectedHeader));
  const crit = Array.isArray(sound.crit)
    ? Object.fromEntries(sound.crit.map((n: string) => [n, false]))
    : {};
  return new CompactSign(encoder.encode(text)).setProtectedHeader(sound).sign(key.privateKey, {
    crit,
  });
}

function awsClaims(wishes: IdTokenWishes | undefined): Record<string, unknown> {
  const tags = wishes?.sessionTags?.map((name) => [name, [`value of ${name}`]]);
  return {
    ...(wishes?.roles && { [`${aws}roles`]: wishes.roles }),
    ...(tags && { [`${aws}tags`]: { principal_tags: Object.fromEntries(tags) } }),
    ...(wishes?.sourceIdentity && { [`${aws}source_identity`]: "acme-web" }),
  };
}
