import type { VendorErrorEntry } from "../vendor_error.ts";

/** Google STS, IAM credentials, and the APIs behind them. */
export const GCP_ERRORS: readonly VendorErrorEntry[] = [
  {
    id: "gcp.audience_value",
    match: 'Invalid value for "audience"',
    kind: "setup",
    cause:
      "The STS audience names a pool instead of a provider, or the project id instead of its number.",
    remedy:
      "Use //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.",
  },
  {
    id: "gcp.invalid_target",
    match: 'The target service indicated by the "audience" parameters is invalid',
    kind: "setup",
    cause:
      "The pool or provider has another name, is disabled or deleted, or is younger than 5 min.",
    remedy:
      "gcloud iam workload-identity-pools providers describe; after a change wait up to 5 min.",
  },
  {
    id: "gcp.issuer",
    match: /The issuer in ID Token .* does not match the expected/,
    kind: "issuer",
    cause: "iss differs from the provider's issuer URI, often by a trailing slash.",
    remedy: "Update the provider with --issuer-uri exactly as in the token.",
  },
  {
    id: "gcp.audience",
    match: /The audience in ID Token .* does not match the expected audience/,
    kind: "audience",
    cause:
      "aud is not among the allowed audiences, or it is not the provider's name where none are set; [] means that aud is missing.",
    remedy:
      "Mint for https://iam.googleapis.com/… of the provider, or put the audience in --allowed-audiences.",
  },
  {
    id: "gcp.condition",
    match: "The given credential is rejected by the attribute condition",
    kind: "subject",
    cause: "The provider's attribute condition is false for this token.",
    remedy: "Compare the condition with the token's claims, letter case included.",
  },
  {
    id: "gcp.signature",
    match: "Unable to verify the ID Token signature",
    kind: "keys",
    cause: "The kid is known, but with another key: a kid was used again.",
    remedy: "Give every key a new kid; upload the key set again where it is uploaded.",
  },
  {
    id: "gcp.subject_length",
    match: "exceeds the 127 bytes limit",
    kind: "subject",
    cause: "google.subject takes 127 bytes, the token's sub is longer.",
    remedy: "Shorten the names of org, app or context, or give the profile a shorter subject.",
  },
  {
    id: "gcp.stale",
    match: /ID Token issued at .* is stale/,
    kind: "time",
    cause: "The token is expired, or has no iat or exp.",
    remedy: "Mint a fresh token and try once more; synchronize the issuer's clock.",
  },
  {
    id: "gcp.connect",
    match: "Error connecting to the given credential's issuer",
    kind: "keys",
    cause:
      "Discovery or key set are not public, or the kid is not in the key set, or the uploaded key set is malformed (the text is misleading).",
    remedy: "Run the issuer checks; upload the key set again where it is uploaded.",
  },
  {
    id: "gcp.issuer_scheme",
    match: "Invalid OIDC issuer URI",
    kind: "issuer",
    cause: "The issuer URI of a provider must be https.",
    remedy: "Give the issuer an https URL, or upload the key set under an https name.",
  },
  {
    id: "gcp.jwks",
    match:
      /Invalid JWKs|Only RSA, EC key types are supported|corrupted key material|Input JWK is not in a valid json format/,
    kind: "keys",
    cause: "The uploaded key set holds keys or members that Google does not take.",
    remedy: "Upload RSA-2048/4096 or P-256 keys with kty, alg, use, kid, n, e, crv, x, y only.",
  },
  {
    id: "gcp.impersonation",
    match: /iam\.serviceAccounts\.(?:getAccessToken|getOpenIdToken|implicitDelegation)['"]? denied/,
    kind: "permission",
    cause:
      "The principal lacks roles/iam.workloadIdentityUser on the service account, or the binding names another principal (a typo gives no error when bound).",
    remedy:
      "Bind principal://iam.googleapis.com/…/subject/SUB exactly; a new binding takes about 70 s.",
  },
  {
    id: "gcp.federated_refused",
    match: /ACCESS_TOKEN_TYPE_UNSUPPORTED|does not support federated|CREDENTIALS_MISSING/,
    kind: "permission",
    cause: "This Google API does not take federated tokens.",
    remedy: "Impersonate a service account for it.",
  },
  {
    id: "gcp.org_policy",
    match: /FAILED_PRECONDITION|iam\.workloadIdentityPoolProviders/,
    kind: "setup",
    cause:
      "An organization policy does not allow this issuer (constraints/iam.workloadIdentityPoolProviders).",
    remedy: "Ask the organization's administrators to allow the issuer URL.",
  },
  {
    id: "gcp.permission",
    match: /PERMISSION_DENIED|does not have .* access/,
    kind: "permission",
    cause: "The login worked, the identity lacks a role on the resource.",
    remedy: "Grant a role to the principal or its service account; a new binding takes about 70 s.",
  },
  {
    id: "gcp.transient",
    match: /RESOURCE_EXHAUSTED|UNAVAILABLE|INTERNAL\b|internal_failure/,
    kind: "transient",
    cause: "Google is busy or failed, or the token had less than a second to live.",
    remedy: "Try again with back-off and a fresh token.",
  },
];
