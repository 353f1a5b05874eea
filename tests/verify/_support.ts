import { assert, assertEquals } from "@std/assert";
import { type PublicJwk, TokenVerificationError } from "../../verify/mod.ts";

/** The instant of every test that does not move its clock. */
export const NOW = 1_800_000_000_000;
export const NOW_S = NOW / 1000;
export const ISSUER = "https://id.example.test";
export const AUDIENCE = "https://api.example.test";
const ENCODER = new TextEncoder();

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly jwk: PublicJwk;
  readonly publicKey: CryptoKey;
  sign(input: string): Promise<Uint8Array>;
}

const KINDS: Record<string, { generate: object; sign: object }> = {
  ES256: {
    generate: { name: "ECDSA", namedCurve: "P-256" },
    sign: { name: "ECDSA", hash: "SHA-256" },
  },
  EdDSA: { generate: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  RS256: {
    generate: {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    sign: { name: "RSASSA-PKCS1-v1_5" },
  },
};

export async function testKey(alg: string, kid: string): Promise<TestKey> {
  const { generate, sign } = KINDS[alg]!;
  const pair = await crypto.subtle.generateKey(generate as EcKeyGenParams, true, [
    "sign",
    "verify",
  ]) as CryptoKeyPair;
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const members = Object.entries({ kty, crv, x, y, n, e, kid, alg, use: "sig" });
  return {
    kid,
    alg,
    publicKey: pair.publicKey,
    jwk: Object.fromEntries(members.filter(([, value]) => value !== undefined)),
    async sign(input) {
      const bytes = ENCODER.encode(input);
      return new Uint8Array(
        await crypto.subtle.sign(sign as EcdsaParams, pair.privateKey, bytes),
      );
    },
  };
}

export function base64url(data: string | Uint8Array): string {
  const bytes = typeof data === "string" ? ENCODER.encode(data) : data;
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function goodClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: ISSUER,
    sub: "deployment:acme/web/production",
    aud: AUDIENCE,
    iat: NOW_S,
    nbf: NOW_S - 60,
    exp: NOW_S + 300,
    jti: "a1",
    ...changes,
  };
}

/** Signs header and payload given as text or bytes, so that a test can misspell either. */
export async function signRaw(
  key: TestKey,
  header: string | Uint8Array,
  payload: string | Uint8Array,
): Promise<string> {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${base64url(await key.sign(input))}`;
}

export function signToken(
  key: TestKey,
  claims: Record<string, unknown> = goodClaims(),
  header: Record<string, unknown> = {},
): Promise<string> {
  const full = { alg: key.alg, kid: key.kid, typ: "JWT", ...header };
  return signRaw(key, JSON.stringify(full), JSON.stringify(claims));
}

/** The code with which a promise is refused; fails when it is not, or when the error quotes the token. */
export async function refusalOf(work: Promise<unknown>, token?: unknown): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error;
    const shown = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    for (const part of String(token ?? "").split(".")) {
      assert(part.length < 24 || !shown.includes(part), "the error quotes the token");
    }
    return error.code;
  }
  return "accepted";
}

export function assertRefusal(actual: string, expected: string | readonly string[], name: string) {
  const allowed = typeof expected === "string" ? [expected] : expected;
  if (!allowed.includes(actual)) assertEquals(actual, allowed.join(" or "), name);
}

/** An issuer behind a `fetch` of its own; every URL that was asked for is kept. */
export interface FakeIssuer {
  readonly urls: string[];
  readonly requests: Request[];
  keys: PublicJwk[];
  headers: Record<string, string>;
  fault: (() => Response | Promise<Response>) | undefined;
  fetch: typeof globalThis.fetch;
}

export function fakeIssuer(issuer: string, keys: PublicJwk[]): FakeIssuer {
  const self: FakeIssuer = {
    urls: [],
    requests: [],
    keys,
    headers: {},
    fault: undefined,
    fetch: async (input, init) => {
      const request = new Request(input as string, init);
      self.urls.push(request.url);
      self.requests.push(request);
      if (self.fault) return await self.fault();
      if (request.url === `${issuer}/.well-known/openid-configuration`) {
        return Response.json({ issuer, jwks_uri: `${issuer}/jwks` });
      }
      return Response.json({ keys: self.keys }, { headers: self.headers });
    },
  };
  return self;
}
