import { assert, assertEquals } from "@std/assert";
import { explainVendorError, VENDOR_ERRORS } from "../../doctor/mod.ts";
import type { SetupVendor } from "../../setup/mod.ts";

/** Texts as the vendors send them, and the entry that has to explain each. */
const TEXTS: Readonly<Record<SetupVendor, Readonly<Record<string, readonly string[]>>>> = {
  aws: {
    "aws.no_provider": [
      "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No OpenIDConnect provider found in your account for https://id.acme.test",
    ],
    "aws.not_validated": [
      "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for details.",
    ],
    "aws.incorrect_audience": ["InvalidIdentityToken: Incorrect token audience"],
    "aws.verification_key": [
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ],
    "aws.thumbprint": [
      "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    ],
    "aws.condition": ["AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"],
    "aws.expired": [
      "Token expired: current date/time 1780000000 must be before the expiration date/time 1779999000",
    ],
    "aws.future": ["Token issued in the future", "Token not yet valid"],
    "aws.missing_claim": [
      "Missing a required claim: sub",
      "Claim is not allowed to be empty: aud",
      "Invalid timestamp in token claims.",
    ],
    "aws.tags": ["principal_tags passed in claim is not in correct format."],
    "aws.duration": [
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ],
    "aws.roles_claim": [
      "The target role ARN is not present in the roles claim of the identity token",
      "The roles claim contains no valid role ARNs",
    ],
    "aws.many_audiences": [
      "Token audience contains more than one audience while authorized party is not present",
    ],
    "aws.not_a_jwt": [
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    ],
    "aws.region": [
      "RegionDisabledException: STS is not activated in this region for account:123456789012",
    ],
    "aws.idp_rejected": ["IDPRejectedClaim"],
    "aws.transient": ["IDPCommunicationError", "Throttling: Rate exceeded"],
  },
  gcp: {
    "gcp.audience_value": [
      'invalid_request: Invalid value for "audience". This value should be the full resource name of the Identity Provider. See https://cloud.google.com',
    ],
    "gcp.invalid_target": [
      'invalid_target: The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
    ],
    "gcp.issuer": [
      "The issuer in ID Token https://id.acme.test/ does not match the expected ones: https://id.acme.test",
    ],
    "gcp.audience": ["The audience in ID Token [vault] does not match the expected audience."],
    "gcp.condition": [
      "unauthorized_client: The given credential is rejected by the attribute condition.",
    ],
    "gcp.signature": ["invalid_grant: Unable to verify the ID Token signature."],
    "gcp.subject_length": [
      "The size of mapped attribute google.subject exceeds the 127 bytes limit.",
    ],
    "gcp.stale": [
      "ID Token issued at 1780000000 is stale to sign-in.",
      "ID Token issued at null is stale to sign-in.",
    ],
    "gcp.connect": ["invalid_grant: Error connecting to the given credential's issuer."],
    "gcp.impersonation": [
      "403 PERMISSION_DENIED: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    ],
    "gcp.org_policy": ["FAILED_PRECONDITION: Precondition check failed."],
    "gcp.issuer_scheme": ["Invalid OIDC issuer URI. The scheme must be https."],
    "gcp.jwks": [
      "Invalid JWKs. Only RSA, EC key types are supported.",
      "Input jwks contains corrupted key material.",
      "Input JWK is not in a valid json format",
    ],
    "gcp.federated_refused": ["401 UNAUTHENTICATED ACCESS_TOKEN_TYPE_UNSUPPORTED"],
    "gcp.permission": [
      "principal://iam.googleapis.com/x does not have storage.objects.get access to the Google Cloud Storage object.",
    ],
    "gcp.transient": ["503 UNAVAILABLE", "RESOURCE_EXHAUSTED: quota"],
  },
  azure: {
    "azure.issuer": [
      "AADSTS700211: No matching federated identity record found for presented assertion issuer 'https://id.acme.test/'.",
    ],
    "azure.audience": [
      "AADSTS700212: No matching federated identity record found for presented assertion audience 'vault'.",
    ],
    "azure.subject": [
      "AADSTS700213: No matching federated identity record found for presented assertion subject 'x'.",
    ],
    "azure.case": [
      "AADSTS7002138: No matching federated identity record found, letter case differs.",
    ],
    "azure.no_match": [
      "AADSTS70021: No matching federated identity record found for presented assertion.",
    ],
    "azure.key": ["AADSTS7000272: the signing key with kid 'abc' was not found"],
    "azure.endpoint": [
      "AADSTS50166: Request to External OIDC endpoint failed.",
      "AADSTS501661: Request to External OIDC endpoint failed.",
      "AADSTS90061: Request to External OIDC endpoint failed.",
    ],
    "azure.key_algorithm": ["AADSTS5002730: Invalid JWT token. The key does not fit"],
    "azure.algorithm": [
      "AADSTS5002738: Invalid JWT token. 'ES256' is not a supported signature algorithm",
    ],
    "azure.expired": ["AADSTS700024: Client assertion is not within its valid time range."],
    "azure.application": [
      "AADSTS700016: Application with identifier 'x' was not found in the directory",
    ],
    "azure.transient": ["AADSTS90033: A transient error has occurred. Please try again."],
    "azure.permission": [
      "403 AuthorizationFailed: The client 'x' does not have authorization to perform action",
    ],
  },
  vault: {
    "vault.role": ["missing role", 'role "web" could not be found'],
    "vault.token": ["missing token"],
    "vault.role_type": ["role with oidc role_type is not allowed"],
    "vault.configuration": ["could not load configuration"],
    "vault.signature": [
      "error validating token: error verifying token signature: no known key successfully validated the token signature",
    ],
    "vault.issuer": ["error validating token: invalid issuer (iss) claim"],
    "vault.subject": ["error validating token: invalid subject (sub) claim"],
    "vault.audience": [
      "error validating token: invalid audience (aud) claim: audience claim does not match any expected audience",
    ],
    "vault.no_audience_bound": ["audience claim found in JWT but no audiences bound to the role"],
    "vault.expired": [
      "error validating token: invalid expiration time (exp) claim: token is expired",
    ],
    "vault.future": [
      "error validating token: invalid not before (nbf) claim: token not yet valid",
      "error validating token: invalid issued at (iat) claim: token issued in the future",
    ],
    "vault.algorithm": ["error verifying token signature: token signed with unexpected algorithm"],
    "vault.claim_missing": ['claim "groups" not found in token'],
    "vault.bound_claims": [
      'error validating claims: claim "org" does not match any associated bound claim values',
    ],
    "vault.discovery": ["error checking oidc discovery URL"],
    "vault.one_source": [
      "exactly one of 'jwt_validation_pubkeys', 'jwks_url', 'jwks_pairs' or 'oidc_discovery_url' must be set",
    ],
    "vault.mount": ['no handler for route "auth/x/login". route entry not found.'],
    "vault.ambiguous": ['ambiguous claim "Sub"'],
    "vault.permission": ["1 error occurred: * permission denied"],
    "vault.transient": [
      "Vault is sealed",
      "local node not active but active cluster node not found",
    ],
  },
  kubernetes: {
    "kubernetes.not_initialized": ["oidc: authenticator not initialized"],
    "kubernetes.audience": [
      'oidc: verify token: oidc: expected audience "kubernetes" got ["vault"]',
    ],
    "kubernetes.issuer": [
      'oidc: id token issued by a different provider, expected "https://a" got "https://b"',
    ],
    "kubernetes.discovery_issuer": [
      'oidc: issuer did not match the issuer returned by provider, expected "https://a/" got "https://a"',
    ],
    "kubernetes.expired": [
      "oidc: verify token: oidc: token is expired (Token Expiry: 2026-06-01 12:00:00 +0000 UTC)",
    ],
    "kubernetes.not_before": ["oidc: current time 2026 before the nbf (not before) time: 2027"],
    "kubernetes.signature": [
      "oidc: verify token: failed to verify signature: failed to verify id token signature",
    ],
    "kubernetes.username": ['oidc: parse username claims "email": claim not present'],
    "kubernetes.rule": [
      "oidc: error evaluating claim validation expression: validation expression 'claims.org == 'acme'' failed: wrong organization",
    ],
    "kubernetes.algorithm": ["oidc: id token signed with unsupported algorithm"],
    "kubernetes.rbac": [
      'pods is forbidden: User "signet:deployment:acme/web/production" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    "kubernetes.unauthorized": [
      '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}',
      "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
    ],
    "kubernetes.transient": ["dial tcp 10.0.0.1:6443: connect: connection refused"],
  },
};

Deno.test("explainVendorError explains every known text by its own entry", () => {
  for (const [vendor, entries] of Object.entries(TEXTS)) {
    for (const [id, texts] of Object.entries(entries)) {
      for (const text of texts) {
        assertEquals(explainVendorError(vendor as SetupVendor, text)?.id, id, text);
      }
    }
  }
});

Deno.test("VENDOR_ERRORS has a text in this test for every entry, a cause and a remedy", () => {
  const ids = VENDOR_ERRORS.map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const { vendor, id, cause, remedy } of VENDOR_ERRORS) {
    assert(TEXTS[vendor][id], `${id} is never tried`);
    assert(id.startsWith(`${vendor}.`) && cause.endsWith(".") && remedy.endsWith("."), id);
  }
});

Deno.test("explainVendorError leaves an unknown text and another vendor's text alone", () => {
  assertEquals(explainVendorError("aws", "socket hang up"), undefined);
  assertEquals(explainVendorError("aws", "AADSTS700213: x"), undefined);
});
