import type { VendorErrorEntry } from "../vendor_error.ts";

/** AWS STS AssumeRoleWithWebIdentity; wire texts, the two spaces in one of them are AWS's. */
export const AWS_ERRORS: readonly VendorErrorEntry[] = [
  {
    id: "aws.no_provider",
    match: "No OpenIDConnect provider found in your account",
    kind: "issuer",
    cause: "The account of the role has no OIDC provider with exactly this issuer URL.",
    remedy:
      "Create the provider in the account of the ROLE; mind a trailing slash and letter case.",
  },
  {
    id: "aws.verification_key",
    match: /Couldn't retrieve verification key from your identity provider/,
    kind: "keys",
    cause:
      "STS could not get the token's key: unknown kid, JWKS unreachable, blocked or slower than 5 s, a key without kid, or use other than sig.",
    remedy:
      "Run the issuer checks; right after a rotation wait and try once more. Send the login without X-Amz-Security-Token.",
  },
  {
    id: "aws.thumbprint",
    match: "HTTPS certificate doesn't match configured thumbprint",
    kind: "keys",
    cause: "The issuer's certificate has a private CA, or its chain changed.",
    remedy:
      "Update the provider's thumbprint, or serve the issuer under a certificate of a public CA.",
  },
  {
    id: "aws.incorrect_audience",
    match: "Incorrect token audience",
    kind: "audience",
    cause: "The token's aud (or azp) is not in the provider's client ID list.",
    remedy: "aws iam add-client-id-to-open-id-connect-provider with the audience of the token.",
  },
  {
    id: "aws.roles_claim",
    match:
      /target role ARN is not present in the roles claim|roles claim contains no valid role ARNs/,
    kind: "claims",
    cause: "The token is bound to other roles by https://aws.amazon.com/roles.",
    remedy: "Ask for a token with the ARN of the role that you assume, path included.",
  },
  {
    id: "aws.not_a_jwt",
    match: "The ID Token provided is not a valid JWT",
    kind: "claims",
    cause: "The token is no JWS that AWS reads: a crit header, or a token of another kind.",
    remedy: "Pass the JWT that the issuer gave, unchanged, with the header alg, kid, typ.",
  },
  {
    id: "aws.many_audiences",
    match: "more than one audience while authorized party is not present",
    kind: "audience",
    cause: "The token has several audiences and no azp.",
    remedy: "Mint with exactly one audience.",
  },
  {
    id: "aws.not_validated",
    match: "The web identity token provided could not be validated",
    kind: "audience",
    cause:
      "aud or azp not in the client ID list, a bad signature, key_ops in the JWK, or an algorithm other than RS/ES 256-512.",
    remedy:
      "Compare the token's aud with the provider's client ID list; then run the key checks for key_ops.",
  },
  {
    id: "aws.expired",
    match: /Token expired: current date\/time|ExpiredTokenException/,
    kind: "time",
    cause: "The token was cached past its life, or a clock is off.",
    remedy: "Mint a fresh token for each login; synchronize the issuer's clock.",
  },
  {
    id: "aws.future",
    match: /Token issued in the future|Token not yet valid/,
    kind: "time",
    cause: "The issuer's clock is more than 5 minutes ahead.",
    remedy: "Synchronize the issuer's clock.",
  },
  {
    id: "aws.missing_claim",
    match:
      /Missing a required claim|Claim is not allowed to be empty|Invalid timestamp in token claims/,
    kind: "claims",
    cause: "AWS needs iss, sub, aud, iat and exp, times as integers.",
    remedy: "This is a fault of the issuer: run the token checks and report it.",
  },
  {
    id: "aws.tags",
    match: "principal_tags passed in claim is not in correct format",
    kind: "claims",
    cause: "A session tag in https://aws.amazon.com/tags is not an array of exactly one string.",
    remedy: "Give each tag one text value.",
  },
  {
    id: "aws.duration",
    match: "The requested DurationSeconds exceeds the MaxSessionDuration",
    kind: "setup",
    cause: "The session asked for is longer than the role allows.",
    remedy: "Ask for less, or aws iam update-role --max-session-duration.",
  },
  {
    id: "aws.condition",
    match: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    kind: "subject",
    cause:
      "The trust policy does not admit this token: sub or aud condition false, wrong role ARN, sts:TagSession not allowed, or a role younger than 15 s.",
    remedy:
      "Compare sub and aud of the token with the trust policy letter by letter; allow sts:TagSession when the token carries tags; after creating the role wait 15 s.",
  },
  {
    id: "aws.region",
    match: /RegionDisabledException|STS is not activated in this region/,
    kind: "setup",
    cause: "STS is not active in that region for the account.",
    remedy: "Use another region, or activate STS there in the account settings.",
  },
  {
    id: "aws.idp_rejected",
    match: "IDPRejectedClaim",
    kind: "claims",
    cause: "AWS rejected a claim of the token.",
    remedy: "Run the token checks; mint a fresh token.",
  },
  {
    id: "aws.transient",
    match:
      /IDPCommunicationError|Throttling|RequestLimitExceeded|SlowDown|TooManyRequests|InternalFailure|ServiceUnavailable/,
    kind: "transient",
    cause: "AWS could not reach the issuer just now, or limits the rate.",
    remedy:
      "Try again with back-off; if it stays, run the issuer checks from outside your network.",
  },
];
