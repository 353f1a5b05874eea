import type { Algorithm } from "../keys/algorithm.ts";

/** OpenID discovery (OpenID Connect Discovery 1.0 §3) and RFC 8414 §2 metadata in one document. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly token_endpoint: string;
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly Algorithm[];
  readonly claims_supported: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly grant_types_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly token_endpoint_auth_signing_alg_values_supported?: readonly Algorithm[];
}

/** Describes an issuer; the same for every request, so it is made once. */
export function issuerMetadata(options: {
  issuer: string;
  algorithms: readonly Algorithm[];
  grantTypes: readonly string[];
  authMethods: readonly string[];
}): IssuerMetadata {
  const { issuer, grantTypes, authMethods } = options;
  const byAssertion = authMethods.includes("private_key_jwt");
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    // OpenID Connect Discovery demands RS256 in this list, in use or not.
    id_token_signing_alg_values_supported: [
      ...new Set<Algorithm>(["RS256", ...options.algorithms]),
    ],
    claims_supported: [
      ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti"],
      ...["org", "app", "context", "deployment_id", "revision_id", "workload"],
    ],
    scopes_supported: ["openid"],
    grant_types_supported: grantTypes,
    token_endpoint_auth_methods_supported: authMethods,
    ...(byAssertion &&
      { token_endpoint_auth_signing_alg_values_supported: ["RS256", "ES256", "EdDSA"] }),
  };
}
