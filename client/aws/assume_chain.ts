import type { Context } from "../credentials/context.ts";
import { retry } from "../credentials/retry.ts";
import { callSts, type StsSession } from "./call_sts.ts";
import type { AwsChainedRole } from "./options.ts";
import { sessionParameters } from "./session_parameters.ts";
import { signRequest } from "./sign_request.ts";

/** Where, and under which name, the roles of a chain are taken. */
export interface ChainPlace {
  readonly url: string;
  readonly region: string;
  readonly sessionName: string;
}

/** Takes the roles of a chain one after the other, each with the credentials of the one before. */
export async function assumeChain(
  first: StsSession,
  chain: readonly AwsChainedRole[],
  at: { place: ChainPlace; context: Context },
): Promise<StsSession> {
  let session = first;
  for (const role of chain) {
    const previous = session;
    session = await retry(at.context, () => assumeRole(role, previous, at));
  }
  return session;
}

function assumeRole(
  role: AwsChainedRole,
  session: StsSession,
  { place, context }: { place: ChainPlace; context: Context },
): Promise<StsSession> {
  const signed = { host: new URL(place.url).host, region: place.region, service: "sts" };
  return callSts({
    url: place.url,
    action: "AssumeRole",
    purpose: `assume the chained role ${role.roleArn}`,
    parameters: chainParameters(role, place.sessionName),
    sign: (body, headers) => {
      const at = context.now() + session.clockOffset;
      return signRequest({ ...signed, body, headers, credentials: session, at });
    },
  }, context);
}

function chainParameters(role: AwsChainedRole, sessionName: string): URLSearchParams {
  const form = sessionParameters(role, role.roleSessionName ?? sessionName);
  if (role.externalId) form.set("ExternalId", role.externalId);
  if (role.sourceIdentity) form.set("SourceIdentity", role.sourceIdentity);
  Object.entries(role.tags ?? {}).forEach(([key, value], index) => {
    form.set(`Tags.member.${index + 1}.Key`, key);
    form.set(`Tags.member.${index + 1}.Value`, value);
  });
  role.transitiveTagKeys?.forEach((key, index) => {
    form.set(`TransitiveTagKeys.member.${index + 1}`, key);
  });
  return form;
}
