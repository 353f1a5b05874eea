import type { VendorErrorEntry } from "../vendor_error.ts";

/** The JWT auth method of Vault and OpenBao. */
export const VAULT_ERRORS: readonly VendorErrorEntry[] = [
  {
    id: "vault.issuer",
    match: "invalid issuer (iss) claim",
    kind: "issuer",
    cause: "iss differs from bound_issuer.",
    remedy: "Write auth/MOUNT/config with bound_issuer exactly as in the token.",
  },
  {
    id: "vault.subject",
    match: "invalid subject (sub) claim",
    kind: "subject",
    cause: "sub differs from the role's bound_subject.",
    remedy: "Write the role with bound_subject exactly as in the token.",
  },
  {
    id: "vault.audience",
    match: "invalid audience (aud) claim",
    kind: "audience",
    cause: "aud is not among the role's bound_audiences.",
    remedy:
      "Write the role with bound_audiences that hold the token's aud, or mint for the bound one.",
  },
  {
    id: "vault.no_audience_bound",
    match: "audience claim found in JWT but no audiences bound to the role",
    kind: "audience",
    cause: "The role has no bound_audiences although the token has an aud.",
    remedy: "Write the role with bound_audiences.",
  },
  {
    id: "vault.signature",
    match: "no known key successfully validated the token signature",
    kind: "keys",
    cause: "None of the keys that Vault knows signed the token.",
    remedy:
      "Check oidc_discovery_url and that Vault reaches it; write the configuration again to read the keys anew.",
  },
  {
    id: "vault.algorithm",
    match: "token signed with unexpected algorithm",
    kind: "algorithm",
    cause: "The token's alg is not in jwt_supported_algs.",
    remedy: "Write the configuration with jwt_supported_algs=RS256,ES256.",
  },
  {
    id: "vault.expired",
    match: "token is expired",
    kind: "time",
    cause: "The token was used after exp.",
    remedy: "Mint a fresh token for each login; synchronize the clocks.",
  },
  {
    id: "vault.future",
    match: /token not yet valid|token issued in the future/,
    kind: "time",
    cause: "The issuer's clock is ahead of Vault's by more than 60 s.",
    remedy: "Synchronize the clocks.",
  },
  {
    id: "vault.claim_missing",
    match: /claim "[^"]*" not found in token/,
    kind: "claims",
    cause: "user_claim, groups_claim or a bound claim names a claim that the token lacks.",
    remedy: "Use user_claim=sub; bind only claims that the workload's tokens carry.",
  },
  {
    id: "vault.bound_claims",
    match: "does not match any associated bound claim values",
    kind: "subject",
    cause: "A bound claim of the role differs from the token's.",
    remedy: "Compare bound_claims and bound_claims_type (string or glob) with the token.",
  },
  {
    id: "vault.ambiguous",
    match: "ambiguous claim",
    kind: "claims",
    cause: "Two claims of the token differ in letter case only.",
    remedy: "Rename the workload's own claim.",
  },
  {
    id: "vault.role_type",
    match: "role with oidc role_type is not allowed",
    kind: "setup",
    cause: "The role is of type oidc, the default, which is for browsers.",
    remedy: "Write the role with role_type=jwt.",
  },
  {
    id: "vault.role",
    match: /role "[^"]*" could not be found|missing role/,
    kind: "setup",
    cause: "The role does not exist on this mount, or none was named.",
    remedy: "vault list auth/MOUNT/role; check mount and namespace.",
  },
  {
    id: "vault.token",
    match: "missing token",
    kind: "setup",
    cause: "The login carried no JWT.",
    remedy: "Send it as jwt in the JSON body.",
  },
  {
    id: "vault.configuration",
    match: "could not load configuration",
    kind: "setup",
    cause: "The mount has no configuration.",
    remedy: "Write auth/MOUNT/config.",
  },
  {
    id: "vault.discovery",
    match: "error checking oidc discovery URL",
    kind: "issuer",
    cause: "Vault could not read discovery at oidc_discovery_url, or its issuer differs.",
    remedy:
      "Make the issuer reachable from Vault, give its CA in oidc_discovery_ca_pem, and write the URL exactly as the issuer calls itself.",
  },
  {
    id: "vault.one_source",
    match: "exactly one of 'jwt_validation_pubkeys', 'jwks_url'",
    kind: "setup",
    cause: "The configuration names no source of keys, or several.",
    remedy: "Keep oidc_discovery_url only.",
  },
  {
    id: "vault.mount",
    match: "no handler for route",
    kind: "setup",
    cause: "No auth method is mounted there, or it is in another namespace.",
    remedy: "vault auth enable -path=MOUNT jwt; check mount and namespace.",
  },
  {
    id: "vault.permission",
    match: "permission denied",
    kind: "permission",
    cause:
      "The login worked, the token's policies do not allow the path; or a CIDR bound forbids the login.",
    remedy: "Write a policy for the path and name it in token_policies.",
  },
  {
    id: "vault.transient",
    match:
      /Vault is sealed|local node not active|rate limit quota exceeded|required index state not present/i,
    kind: "transient",
    cause: "Vault is sealed, standing by, or limits the rate.",
    remedy: "Try again with back-off.",
  },
];
