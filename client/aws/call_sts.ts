import { clockOffset } from "../credentials/timing.ts";
import type { Context } from "../credentials/context.ts";
import { redact, retryAfterMs, send } from "../credentials/http.ts";
import { awsFailure } from "./aws_error.ts";
import { classifyStsError } from "./classify_sts_error.ts";
import { parseXml, type Xml, xmlAt, xmlText } from "./parse_xml.ts";

/** One call of STS's query API. */
export interface StsCall {
  readonly url: string;
  /** What the call is for, completing "Cannot …". */
  readonly purpose: string;
  readonly action: "AssumeRoleWithWebIdentity" | "AssumeRole";
  readonly parameters: URLSearchParams;
  /** Adds a signature; without it the request goes out unsigned. */
  readonly sign?: (
    body: string,
    headers: Record<string, string>,
  ) => Promise<Record<string, string>>;
}

/** Credentials of a role session as STS answers them. */
export interface StsSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly accountId: string | undefined;
  /** By our clock, in milliseconds. */
  readonly expiresAt: number;
  /** How far AWS's clock is ahead of ours, in milliseconds. */
  readonly clockOffset: number;
}

/** Sends one call and reads the session; no retry here. */
export async function callSts(call: StsCall, context: Context): Promise<StsSession> {
  const fail = awsFailure(call.purpose);
  const { parameters } = call;
  const body = `Action=${call.action}&Version=2011-06-15&${parameters}`;
  const plain = { "content-type": "application/x-www-form-urlencoded" };
  const headers = call.sign ? await call.sign(body, plain) : plain;
  const answer = await send({ url: `${call.url}/`, headers, body }, context, fail);
  const xml = parseXml(answer.text);
  if (answer.status !== 200) {
    // Ceph RGW answers in the form of S3, whose errors have no frame.
    const error = xmlAt(xml, "ErrorResponse", "Error") ?? xmlAt(xml, "Error");
    const wireCode = xmlText(error, "Code") ?? `HTTP ${answer.status}`;
    const message = redact(xmlText(error, "Message") ?? "", [
      parameters.get("WebIdentityToken") ?? "",
    ]);
    throw fail({
      ...classifyStsError(answer.status, wireCode, message),
      vendorCode: redact(wireCode),
      vendorMessage: message,
      status: answer.status,
      requestId: xmlText(xml, "ErrorResponse", "RequestId") ?? xmlText(error, "RequestId"),
      retryAfterMs: retryAfterMs(answer.headers, context.now()),
    });
  }
  const result = xmlAt(xml, `${call.action}Response`, `${call.action}Result`);
  const session = readSession(result, clockOffset(answer.headers, context.now()));
  if (session) return session;
  throw fail({ code: "invalid_response", vendorMessage: "the answer holds no credentials" });
}

function readSession(result: Xml | undefined, offset: number): StsSession | undefined {
  const read = (name: string) => xmlText(result, "Credentials", name);
  const [accessKeyId, secretAccessKey] = [read("AccessKeyId"), read("SecretAccessKey")];
  const sessionToken = read("SessionToken");
  const expiresAt = Date.parse(read("Expiration") ?? "") - offset;
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) {
    return undefined;
  }
  const accountId = xmlText(result, "AssumedRoleUser", "Arn")?.split(":")[4];
  return { accessKeyId, secretAccessKey, sessionToken, accountId, expiresAt, clockOffset: offset };
}
