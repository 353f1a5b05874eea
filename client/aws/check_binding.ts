import { peekClaims } from "../credentials/json.ts";
import { awsFailure } from "./aws_error.ts";
import type { AwsCredentialsOptions } from "./options.ts";

const prefix = "https://aws.amazon.com/";

/** Refuses a token that lacks what the caller demanded; a source that knows no such option leaves it out silently. */
export function checkBinding(token: string, roleArn: string, options: AwsCredentialsOptions): void {
  const claims = peekClaims(token) ?? {};
  const lacks: string[] = [];
  if (options.bindRole && !rolesOf(claims).includes(roleArn)) lacks.push("bindRole");
  if (options.sessionTags?.length && !hasTags(claims)) lacks.push("sessionTags");
  if (options.sourceIdentity && !claims[`${prefix}source_identity`]) lacks.push("sourceIdentity");
  if (lacks.length === 0) return;
  throw awsFailure(`assume the role ${roleArn}`)({
    code: "not_configured",
    vendorMessage: `the identity token was minted without ${lacks.join(" and ")}`,
    advice: "Use a Signet issuer as the token source, or leave these options out.",
  });
}

function rolesOf(claims: Record<string, unknown>): unknown[] {
  const roles = claims[`${prefix}roles`];
  if (typeof roles === "string") return roles.split(";");
  return Array.isArray(roles) ? roles : [];
}

function hasTags(claims: Record<string, unknown>): boolean {
  return Object.keys(claims).some((name) => name.startsWith(`${prefix}tags`));
}
