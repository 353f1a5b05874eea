import { type Judgement, judgeStatus, matchRule, type Rule } from "../credentials/match_rule.ts";

const code = "id_token_rejected";
const compare =
  "Compare the federated identity credential with the token, character by character and case by case; a new one takes up to two minutes.";

// Sources: Microsoft's documentation of workload identity federation and its issue trackers.
const rules: readonly Rule[] = [
  {
    codes: ["7002138"],
    code,
    advice: "Issuer, subject and audience are compared with their letter case: correct the case.",
  },
  {
    codes: ["700211"],
    code,
    mayBeSpreading: true,
    advice: `No federated identity credential has this issuer. ${compare}`,
  },
  {
    codes: ["700212"],
    code,
    mayBeSpreading: true,
    advice: `No federated identity credential has this audience. ${compare}`,
  },
  {
    codes: ["700213"],
    code,
    mayBeSpreading: true,
    advice: `No federated identity credential has this subject. ${compare}`,
  },
  {
    codes: ["70021"],
    code,
    mayBeSpreading: true,
    advice: `No federated identity credential matches the token. ${compare}`,
  },
  {
    codes: ["7000272"],
    code,
    advice: "The token's kid is not in the issuer's jwks.json as Entra last read it.",
  },
  {
    codes: ["50166", "501661", "90061"],
    code: "issuer_unreachable",
    retryable: true,
    advice: "Entra must reach the issuer's discovery document and jwks.json from the internet.",
  },
  {
    codes: ["5002738"],
    code,
    advice: "Entra takes RS256 only: mint tokens for this audience with RS256.",
  },
  {
    codes: ["5002730"],
    code,
    advice: "The published key does not fit the token's algorithm.",
  },
  {
    codes: ["700024"],
    code: "id_token_expired",
    advice: "Check the clocks of this machine and of the issuer.",
  },
  {
    codes: ["700016"],
    code: "invalid_request",
    advice: "No application of this clientId is in the tenant: check clientId and tenantId.",
  },
  {
    codes: ["90002"],
    code: "invalid_request",
    advice: "No such tenant in this cloud: check tenantId and the authority host.",
  },
  { codes: ["90033"], code: "unavailable", retryable: true },
];

/** What an error of Entra's token endpoint means for the caller. */
export function classifyEntraError(status: number, codes: readonly string[]): Judgement {
  return matchRule(rules, { codes, message: "" }) ?? judgeStatus(status);
}
