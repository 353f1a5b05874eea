import { createHash } from "node:crypto";
import { decodeBase64url } from "../../verify/base64url.ts";
import { parseJwks } from "../../verify/parse_jwks.ts";

/** A public key as a credential keeps it: its public members, `kid`, and `alg` where it was given. */
export type RegisteredJwk = Readonly<Record<string, string>>;

/** The required members of each key type, in the order of RFC 7638 §3.2. */
const thumbprintMembers: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["RSA", ["e", "kty", "n"]],
  ["EC", ["crv", "kty", "x", "y"]],
  ["OKP", ["crv", "kty", "x"]],
]);

/** How long each coordinate of a curve is. */
const coordinateBytes: ReadonlyMap<string | undefined, number> = new Map([
  ["P-256", 32],
  ["P-384", 48],
  ["Ed25519", 32],
]);

/**
 * What to keep of a JWK whose members are strings; undefined when no assertion could be verified
 * with it. A key without `kid` gets its thumbprint (RFC 7638), as Signet's own client names it.
 */
export function registeredJwk(jwk: Readonly<Record<string, unknown>>): RegisteredJwk | undefined {
  const names = thumbprintMembers.get(jwk.kty);
  if (names === undefined) return undefined;
  const members = pick(jwk, names);
  const kid = jwk.kid ?? thumbprint(members);
  const usable = parseJwks({ keys: [{ ...jwk, kid }] }).size === 1;
  if (!usable || !hasRightSize(members)) return undefined;
  // "Ed25519" (RFC 9864) and "EdDSA" name one algorithm: which one an assertion says is the signer's.
  const named = jwk.kty === "OKP" || jwk.alg === undefined ? [] : ["alg"];
  return { ...members, ...pick(jwk, named), kid: kid as string };
}

// RFC 7518 §6.2.1.2, RFC 8037 §2. Deno 2.5 takes a key of another size, and verifies nothing with it.
function hasRightSize({ crv, x, y }: Readonly<Record<string, string>>): boolean {
  const size = coordinateBytes.get(crv);
  return [x, y].every((part) =>
    size === undefined || part === undefined || decodeBase64url(part)?.length === size
  );
}

function pick(
  jwk: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, jwk[name] as string]));
}

// Synchronous, unlike jose's: the configuration is read before anything runs.
function thumbprint(members: Record<string, string>): string {
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url");
}
