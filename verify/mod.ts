/**
 * A strict verifier of OpenID Connect tokens for relying parties: services that receive a Signet
 * token (or another issuer's) and must decide whether to believe it. Runs on Deno, Node 20 and Bun.
 *
 * Issuer, audience and algorithms must be named; only asymmetric algorithms exist; expiry is
 * required and lifetimes are bounded; keys come from the issuer's own discovery document, are
 * cached within bounds and never from the token. A strict reader stands in front of the JWT
 * library and refuses whatever two readers could read in two ways.
 *
 * @example A service that admits one workload
 * ```ts
 * import { createVerifier } from "@signet/oidc/verify";
 * import { exportJWK, generateKeyPair, SignJWT } from "jose"; // stands in for the issuer
 *
 * const { privateKey, publicKey } = await generateKeyPair("ES256");
 * const token = await new SignJWT({ workload: "web" })
 *   .setProtectedHeader({ alg: "ES256", kid: "2026-01", typ: "JWT" })
 *   .setIssuer("https://id.example.com").setSubject("deployment:acme/web/production")
 *   .setAudience("https://api.example.com").setIssuedAt().setExpirationTime("5m")
 *   .sign(privateKey);
 *
 * const verifier = createVerifier({
 *   issuer: "https://id.example.com",
 *   audience: "https://api.example.com",
 *   algorithms: ["ES256"],
 *   // Leave this out: the keys are then found by the issuer's discovery document.
 *   jwks: { keys: [{ ...await exportJWK(publicKey), kid: "2026-01" }] },
 * });
 * const claims = await verifier.verify(token);
 * if (claims.sub !== "deployment:acme/web/production") throw new Error("not for you");
 * ```
 *
 * @module
 */
export { createVerifier, verifyIdToken } from "./create_verifier.ts";
export type { VerifiedClaims, Verifier } from "./create_verifier.ts";
export type { VerifierOptions } from "./verifier_options.ts";
export { TokenVerificationError } from "./errors.ts";
export type { TokenVerificationErrorCode, TokenVerificationErrorOptions } from "./errors.ts";
export type { VerificationAlgorithm } from "./algorithms.ts";
export type { TokenClaims } from "./check_claims.ts";
export type { JsonObject, JsonValue } from "./strict_json.ts";
export type { PublicJwk, PublicJwks } from "./parse_jwks.ts";
