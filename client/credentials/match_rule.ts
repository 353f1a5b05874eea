import type { CredentialErrorDetails } from "./credential_error.ts";

/** What an answer means for the caller. */
export type Judgement = Pick<
  CredentialErrorDetails,
  "code" | "advice" | "retryable" | "mayBeSpreading"
>;

/** A judgement, and the vendor's text or codes that it belongs to. */
export interface Rule extends Judgement {
  readonly codes?: readonly string[];
  readonly text?: string;
}

/** The judgement of the first rule whose text is in the message, else of the first with one of the codes. */
export function matchRule(
  rules: readonly Rule[],
  answer: { codes: readonly string[]; message: string },
): Judgement | undefined {
  const rule = rules.find(({ text }) => text !== undefined && answer.message.includes(text)) ??
    rules.find((rule) => rule.codes?.some((code) => answer.codes.includes(code)));
  if (!rule) return undefined;
  const { code, advice, retryable, mayBeSpreading } = rule;
  return { code, advice, retryable, mayBeSpreading };
}

/** What the bare HTTP status means where no rule says more. */
export function judgeStatus(status: number): Judgement {
  if (status === 429) return { code: "throttled", retryable: true };
  if (status >= 500) return { code: "unavailable", retryable: true };
  return { code: status === 403 ? "access_denied" : "invalid_request" };
}
