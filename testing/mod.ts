/**
 * An issuer inside your test: no network, no files, any clock.
 *
 * ```ts
 * import { createTestIssuer } from "@signet/oidc/testing";
 * import { createVerifier } from "@signet/oidc/verify";
 *
 * await using issuer = await createTestIssuer();
 * const verifier = createVerifier({
 *   issuer: issuer.url,
 *   audience: "https://api.example.com",
 *   algorithms: ["RS256"],
 *   fetch: issuer.fetch,
 * });
 * const token = await issuer.getIdToken("https://api.example.com");
 * console.log((await verifier.verify(token)).sub); // "deployment:test/app/test"
 * ```
 *
 * @module
 */
export {
  createTestIssuer,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
} from "./create_test_issuer.ts";
