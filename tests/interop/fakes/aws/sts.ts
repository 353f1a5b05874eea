/** The actions of STS. */
import { denied, escapeXml, stsError, StsFault, stsResult, validation } from "./answers.ts";
import { checkSignature, SignatureFault } from "./check_signature.ts";
import { checkToken } from "./check_token.ts";
import {
  accountOf,
  assumedArn,
  openSession,
  type Role,
  type Session,
  type World,
} from "./world.ts";

/** Answers one request to STS. */
export async function answerSts(
  request: Request,
  body: Uint8Array,
  world: World,
): Promise<Response> {
  try {
    return await act(request, body, world);
  } catch (error) {
    if (error instanceof StsFault) return stsError(error);
    if (error instanceof SignatureFault) {
      return stsError(new StsFault(error.code, error.message, 403));
    }
    throw error;
  }
}

function act(request: Request, body: Uint8Array, world: World): Promise<Response> {
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) throw validation("bad content type");
  if (form.get("Version") !== "2011-06-15") {
    throw new StsFault(
      "InvalidAction",
      `Could not find operation for version ${form.get("Version")}`,
    );
  }
  const region = /^sts(?:-fips)?\.([\w-]+)\./.exec(new URL(request.url).host)?.[1];
  if (region && world.disabledRegions.includes(region)) {
    const text =
      `STS is not activated in this region for account:${accountOf(form.get("RoleArn")!)}. ` +
      "Your account administrator can activate STS in this region using the IAM Console.";
    throw new StsFault("RegionDisabledException", text, 403);
  }
  const action = form.get("Action");
  if (action === "AssumeRoleWithWebIdentity") return withWebIdentity(request, form, world);
  const { session } = checkSignature(request, body, world);
  if (action === "AssumeRole") return Promise.resolve(assumeRole(session, form, world));
  if (action === "GetCallerIdentity") return Promise.resolve(callerIdentity(session));
  throw new StsFault("InvalidAction", `Could not find operation ${action}`);
}

async function withWebIdentity(
  request: Request,
  form: URLSearchParams,
  world: World,
): Promise<Response> {
  if (request.headers.has("authorization") || form.has("ProviderId")) {
    throw denied("AssumeRoleWithWebIdentity");
  }
  const token = form.get("WebIdentityToken") ?? "";
  if (token.length < 4 || token.length > 20_000) {
    throw validation(
      `1 validation error detected: Value '${token}' at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000`,
    );
  }
  const role = roleOf(form, world);
  const seconds = secondsOf(form, role?.maxSessionDuration ?? 3_600);
  if (!role?.web) throw denied("AssumeRoleWithWebIdentity");
  const { claims, audience, tags } = await checkToken(token, role, world);
  const identity = claims["https://aws.amazon.com/source_identity"];
  const bound = claims["https://aws.amazon.com/roles"] !== undefined;
  const { web } = role;
  const allowed = web.issuer === claims.iss && web.aud === audience && web.sub === claims.sub &&
    (!web.boundByIdp || bound) && (web.tagSession || Object.keys(tags).length === 0) &&
    (web.setSourceIdentity || identity === undefined);
  if (!allowed) throw denied("AssumeRoleWithWebIdentity");
  const session = openSession(world, {
    roleArn: role.arn,
    sessionName: form.get("RoleSessionName")!,
    seconds,
    tags,
    ...(typeof identity === "string" && { sourceIdentity: identity }),
  });
  const host = String(claims.iss).replace(/^https?:\/\//, "");
  return stsResult(
    "AssumeRoleWithWebIdentity",
    `${credentialsXml(session)}
    <SubjectFromWebIdentityToken>${escapeXml(String(claims.sub))}</SubjectFromWebIdentityToken>
    <Audience>${escapeXml(audience)}</Audience>
    <Provider>arn:aws:iam::${accountOf(role.arn)}:oidc-provider/${host}</Provider>
    <PackedPolicySize>25</PackedPolicySize>`,
  );
}

function assumeRole(caller: Session, form: URLSearchParams, world: World): Response {
  const role = roleOf(form, world);
  const trusts = role?.trusts;
  const trusted = trusts?.roleArn === caller.roleArn &&
    (!trusts.externalId || trusts.externalId === form.get("ExternalId"));
  if (!role || !trusted) {
    const text = `User: ${
      assumedArn(caller)
    } is not authorized to perform: sts:AssumeRole on resource: ${form.get("RoleArn")}`;
    throw new StsFault("AccessDenied", text, 403);
  }
  const seconds = Number(form.get("DurationSeconds") ?? 3_600);
  if (seconds > 3_600) {
    throw validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  const tags: Record<string, string> = {};
  for (let n = 1; form.has(`Tags.member.${n}.Key`); n++) {
    tags[form.get(`Tags.member.${n}.Key`)!] = form.get(`Tags.member.${n}.Value`)!;
  }
  const sessionName = form.get("RoleSessionName")!;
  const session = openSession(world, { roleArn: role.arn, sessionName, seconds, tags });
  return stsResult("AssumeRole", credentialsXml(session));
}

function roleOf(form: URLSearchParams, world: World): Role | undefined {
  const name = form.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  return world.roles.find(({ arn }) => arn === form.get("RoleArn"));
}

function secondsOf(form: URLSearchParams, most: number): number {
  const seconds = Number(form.get("DurationSeconds") ?? 3_600);
  if (Number.isInteger(seconds) && seconds >= 900 && seconds <= most) return seconds;
  throw validation(
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  );
}

function credentialsXml(session: Session): string {
  return `    <AssumedRoleUser><Arn>${
    assumedArn(session)
  }</Arn><AssumedRoleId>AROA3XFRBF535PLBIFPI4:${session.sessionName}</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${session.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>
      <SessionToken>${escapeXml(session.sessionToken)}</SessionToken>
      <Expiration>${new Date(session.expiresAt).toISOString().replace(/\.\d{3}/, "")}</Expiration>
    </Credentials>`;
}

function callerIdentity(session: Session): Response {
  return stsResult(
    "GetCallerIdentity",
    `    <Arn>${
      assumedArn(session)
    }</Arn><UserId>AROA3XFRBF535PLBIFPI4:${session.sessionName}</UserId><Account>${
      accountOf(session.roleArn)
    }</Account>`,
  );
}
