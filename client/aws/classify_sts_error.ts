import type { CredentialErrorCode } from "../credentials/credential_error.ts";
import { type Judgement, judgeStatus, matchRule, type Rule } from "../credentials/match_rule.ts";

const rejected: CredentialErrorCode = "id_token_rejected";

// Sources: the error shapes of @aws-sdk/client-sts, and recordings of what STS answers to faulty tokens.
const rules: readonly Rule[] = [
  {
    text: "No OpenIDConnect provider found",
    code: rejected,
    advice:
      "Create the OIDC provider in the account of the role, with exactly the issuer's URL: no trailing slash, same case.",
  },
  {
    text: "retrieve verification key",
    code: "issuer_unreachable",
    mayBeSpreading: true,
    advice:
      "STS could not find the token's key: the issuer's jwks.json must be reachable from the internet and hold the key's kid.",
  },
  {
    text: "HTTPS certificate doesn't match",
    code: rejected,
    advice: "Update the provider's thumbprint, or serve the issuer under a public certificate.",
  },
  {
    text: "roles claim",
    code: rejected,
    advice:
      "The token is bound to other roles: pass the same roleArn that you assume, or bindRole: false.",
  },
  {
    text: "principal_tags",
    code: rejected,
    advice: "Each session tag in the token must be an array of one string.",
  },
  {
    text: "could not be validated",
    code: rejected,
    advice:
      "Check that the token's audience is in the provider's client ID list, and that its algorithm is RS256 or ES256.",
  },
  {
    text: "Incorrect token audience",
    code: rejected,
    advice: "Add the token's audience to the provider's client ID list.",
  },
  {
    text: "Token issued in the future",
    code: rejected,
    advice: "The issuer's clock is more than five minutes ahead.",
  },
  {
    text: "DurationSeconds exceeds",
    code: "invalid_request",
    advice: "Ask for fewer durationSeconds, or raise the role's MaxSessionDuration.",
  },
  {
    codes: ["AccessDenied", "AccessDeniedException"],
    code: "access_denied",
    mayBeSpreading: true,
    advice:
      "Check the role's trust policy: its aud and sub conditions, the role ARN, and sts:TagSession where tags are sent. A new role takes about 15 seconds.",
  },
  {
    codes: ["ExpiredTokenException", "ExpiredToken"],
    code: "id_token_expired",
    advice: "Check the clocks of this machine and of the issuer.",
  },
  {
    codes: ["IDPRejectedClaim"],
    code: rejected,
    advice: "The issuer or the provider refuses a claim of the token.",
  },
  { codes: ["InvalidIdentityToken"], code: rejected, advice: "Run `signet doctor aws`." },
  {
    codes: ["IDPCommunicationError"],
    code: "issuer_unreachable",
    retryable: true,
    advice: "STS could not reach the issuer's discovery document or keys from the internet.",
  },
  {
    codes: ["RegionDisabledException"],
    code: "region_disabled",
    advice: "Activate STS for this region in the account's settings, or name another region.",
  },
  {
    codes: [
      "Throttling",
      "ThrottlingException",
      "ThrottledException",
      "RequestLimitExceeded",
      "RequestThrottled",
      "RequestThrottledException",
      "SlowDown",
      "TooManyRequestsException",
      "BandwidthLimitExceeded",
      "PriorRequestNotComplete",
    ],
    code: "throttled",
    retryable: true,
    advice: "Share one provider among all clients, and spread the start of your instances.",
  },
];

/** What an error of STS means for the caller. */
export function classifyStsError(status: number, wireCode: string, message: string): Judgement {
  return matchRule(rules, { codes: [wireCode], message }) ?? judgeStatus(status);
}
