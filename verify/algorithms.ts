/**
 * A signature algorithm that the verifier can be told to accept (RFC 7518 §3, RFC 8037). All are
 * asymmetric: `none` and the HMAC family do not exist here.
 */
export type VerificationAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "EdDSA"
  | "Ed25519";

/** Which key each algorithm needs: `kty`, and `crv` where the key type has one. */
const KEY_SHAPES: ReadonlyMap<string, { readonly kty: string; readonly crv?: string }> = new Map([
  ["RS256", { kty: "RSA" }],
  ["RS384", { kty: "RSA" }],
  ["RS512", { kty: "RSA" }],
  ["PS256", { kty: "RSA" }],
  ["PS384", { kty: "RSA" }],
  ["PS512", { kty: "RSA" }],
  ["ES256", { kty: "EC", crv: "P-256" }],
  ["ES384", { kty: "EC", crv: "P-384" }],
  ["EdDSA", { kty: "OKP", crv: "Ed25519" }],
  ["Ed25519", { kty: "OKP", crv: "Ed25519" }],
]);

/** Every algorithm a verifier may list. */
export const VERIFICATION_ALGORITHMS: readonly VerificationAlgorithm[] = [
  ...KEY_SHAPES.keys(),
] as VerificationAlgorithm[];

/** Tells a supported algorithm name from anything else, byte for byte (security threat 1). */
export function isVerificationAlgorithm(name: unknown): name is VerificationAlgorithm {
  return typeof name === "string" && KEY_SHAPES.has(name);
}

/**
 * The one algorithm that a JWK may be used with: its own `alg`, if it fits the key. A JWK without
 * `alg` gets the default of its key type, so that a token header never chooses (security threat 3).
 */
export function algorithmOfJwk(
  jwk: { readonly kty?: unknown; readonly crv?: unknown; readonly alg?: unknown },
): VerificationAlgorithm | undefined {
  for (const [name, shape] of KEY_SHAPES) {
    if (jwk.alg !== undefined && jwk.alg !== name) continue;
    if (shape.kty === jwk.kty && shape.crv === (shape.crv && jwk.crv)) {
      return name as VerificationAlgorithm;
    }
  }
  return undefined;
}
