import type { VendorErrorEntry } from "../vendor_error.ts";

/** Microsoft Entra's token endpoint and Azure Resource Manager. */
export const AZURE_ERRORS: readonly VendorErrorEntry[] = [
  {
    id: "azure.issuer",
    match: /AADSTS700211\b/,
    kind: "issuer",
    cause: "No federated credential of the application has this issuer.",
    remedy:
      "Compare iss with the credential's issuer byte for byte; after creating it wait up to 2 min.",
  },
  {
    id: "azure.audience",
    match: /AADSTS700212\b/,
    kind: "audience",
    cause: "No federated credential of the application has this audience.",
    remedy: "Mint for api://AzureADTokenExchange, or for the audience that the credential names.",
  },
  {
    id: "azure.subject",
    match: /AADSTS700213\b/,
    kind: "subject",
    cause: "No federated credential of the application has this subject.",
    remedy: "Compare sub with the credential's subject; it is exact and takes no wildcard.",
  },
  {
    id: "azure.case",
    match: /AADSTS7002138\b/,
    kind: "subject",
    cause: "Issuer, subject or audience differ from the credential in letter case only.",
    remedy: "Write the credential with exactly the token's letters.",
  },
  {
    id: "azure.no_match",
    match: /AADSTS70021\b/,
    kind: "setup",
    cause: "No federated credential matches yet: it is missing, or it is younger than 2 min.",
    remedy: "Wait up to 2 min after creating it; then compare issuer, subject and audience.",
  },
  {
    id: "azure.key",
    match: /AADSTS7000272\b/,
    kind: "keys",
    cause:
      "The key that signed the token (its kid is in the message) is not in the issuer's key set.",
    remedy: "Publish a key before it signs; run the key checks.",
  },
  {
    id: "azure.endpoint",
    match: /AADSTS(?:50166|501661|90061)\b|Request to External OIDC endpoint failed/,
    kind: "keys",
    cause: "Entra could not read discovery or key set: not public, behind a firewall, or slow.",
    remedy: "Make both reachable from the internet in less than 5 s; then try again.",
  },
  {
    id: "azure.key_algorithm",
    match: /AADSTS5002730\b/,
    kind: "algorithm",
    cause: "The key does not fit the token's alg.",
    remedy: "Publish alg in the JWK as it is signed with; run the key checks.",
  },
  {
    id: "azure.algorithm",
    match: /AADSTS5002738\b/,
    kind: "algorithm",
    cause: "Entra takes RS256 (and other RSA algorithms) only.",
    remedy: "Let the azure profile sign with RS256.",
  },
  {
    id: "azure.expired",
    match: /AADSTS700024\b/,
    kind: "time",
    cause: "The assertion is expired or not yet valid.",
    remedy: "Mint a fresh token for each login; synchronize the issuer's clock.",
  },
  {
    id: "azure.application",
    match: /AADSTS700016\b/,
    kind: "setup",
    cause: "The application is not in this tenant.",
    remedy: "Check client id and tenant id.",
  },
  {
    id: "azure.transient",
    match: /AADSTS90033\b|temporarily unavailable/,
    kind: "transient",
    cause: "Entra is busy.",
    remedy: "Try again with back-off.",
  },
  {
    id: "azure.permission",
    match: /AuthorizationFailed|AuthorizationPermissionMismatch/,
    kind: "permission",
    cause: "The login worked, the identity has no role on the resource.",
    remedy: "az role assignment create; a new assignment takes some minutes.",
  },
];
