import { clockOffset } from "../credentials/timing.ts";
import type { Context } from "../credentials/context.ts";
import {
  redact,
  retryAfterMs,
  send,
  type VendorAnswer,
  type VendorRequest,
} from "../credentials/http.ts";
import { isObject, jsonObject } from "../credentials/json.ts";
import { classifyGoogleError } from "./classify_google_error.ts";
import { googleFailure } from "./gcp_error.ts";

/** One call of a Google token service. */
export interface GoogleCall extends VendorRequest {
  /** What the call is for, completing "Cannot …". */
  readonly purpose: string;
  /** What must not show in an error. */
  readonly secret: string;
}

/** A JSON answer, and how far Google's clock is ahead of ours, in milliseconds. */
export interface GoogleAnswer {
  readonly json: Record<string, unknown>;
  readonly clockOffset: number;
}

/** Sends one call and reads the JSON answer; no retry here. */
export async function callGoogle(call: GoogleCall, context: Context): Promise<GoogleAnswer> {
  const fail = googleFailure(call.purpose);
  const answer = await send(call, context, fail);
  const json = jsonObject(answer.text);
  if (answer.status !== 200) throw fail(detailsOf(call, answer, context.now()));
  if (!json) throw fail({ code: "invalid_response", vendorMessage: "the answer is not JSON" });
  return { json, clockOffset: clockOffset(answer.headers, context.now()) };
}

function detailsOf(call: GoogleCall, { status, text, headers }: VendorAnswer, now: number) {
  const json = jsonObject(text) ?? {};
  // STS answers as OAuth does; the other services as Google's APIs do.
  const api = isObject(json.error) ? json.error : undefined;
  const wireCode = api ? api.status : json.error;
  const said = api ? api.message : json.error_description;
  const vendorCode = typeof wireCode === "string" ? redact(wireCode) : `HTTP ${status}`;
  const vendorMessage = typeof said === "string" ? redact(said, [call.secret]) : "";
  const judgement = classifyGoogleError(status, vendorCode, vendorMessage);
  return {
    ...judgement,
    vendorCode,
    vendorMessage,
    status,
    retryAfterMs: retryAfterMs(headers, now),
  };
}
