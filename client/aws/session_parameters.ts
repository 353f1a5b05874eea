import { bounded } from "../credentials/context.ts";
import type { AwsSessionPolicy } from "./options.ts";

const sessionName = /^[\w+=,.@-]{2,64}$/;

/** What both ways of taking a role send. */
export interface SessionRequest extends AwsSessionPolicy {
  readonly roleArn: string;
  readonly roleSessionName?: string;
  readonly durationSeconds?: number;
}

/** Checks a session's options against AWS's limits, of which `mostSeconds` depends on the way; throws TypeError. */
export function checkSession(session: SessionRequest, mostSeconds: number): void {
  const { roleSessionName, durationSeconds, policyArns } = session;
  if (roleSessionName !== undefined) checkSessionName(roleSessionName);
  if (durationSeconds !== undefined) bounded("durationSeconds", durationSeconds, 900, mostSeconds);
  if (policyArns && policyArns.length > 10) {
    throw new TypeError("Cannot use policyArns: AWS takes at most 10");
  }
  if ((policyText(session.policy) ?? "").length > 2_048) {
    throw new TypeError("Cannot use policy: AWS takes at most 2,048 characters");
  }
}

/** `name` when AWS takes it as the name of a session; a TypeError otherwise. */
export function checkSessionName(name: string): string {
  if (sessionName.test(name)) return name;
  throw new TypeError("Cannot use roleSessionName: must be 2 to 64 of A-Z a-z 0-9 _ + = , . @ -");
}

/** The parameters of a session in AWS's query form. */
export function sessionParameters(session: SessionRequest, name: string): URLSearchParams {
  const form = new URLSearchParams({ RoleArn: session.roleArn, RoleSessionName: name });
  if (session.durationSeconds) form.set("DurationSeconds", `${session.durationSeconds}`);
  const policy = policyText(session.policy);
  if (policy) form.set("Policy", policy);
  session.policyArns?.forEach((arn, index) => form.set(`PolicyArns.member.${index + 1}.arn`, arn));
  return form;
}

function policyText(policy: AwsSessionPolicy["policy"]): string | undefined {
  return typeof policy === "object" ? JSON.stringify(policy) : policy;
}

/** A session name made from a token's subject, so that AWS's logs name the workload. */
export function nameFromSubject(subject: unknown): string {
  const name = typeof subject === "string"
    ? subject.replace(/[^\w+=,.@-]+/g, "-").slice(0, 64)
    : "";
  return name.length >= 2 ? name : "signet";
}
