import type { Context } from "./context.ts";
import { CredentialError, type Fail } from "./credential_error.ts";
import { untilAborted } from "../until_aborted.ts";

const jwtLike = /eyJ[\w-]{6,}(?:\.[\w-]*){1,4}/g;
// deno-lint-ignore no-control-regex -- a vendor's text must not steer a terminal or split a log line
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const longestText = 1_000;
const largestBody = 1_048_576;

/** One request to a vendor. */
export interface VendorRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** A vendor's answer, read to its end. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends one request under a deadline, follows no redirect, and reads at most 1 MiB. */
export async function send(
  request: VendorRequest,
  context: Context,
  fail: Fail,
): Promise<VendorAnswer> {
  const stop = linked(context, request.signal);
  const { url, method = "POST", headers, body } = request;
  const init: RequestInit = { method, headers, body, redirect: "error", signal: stop.signal };
  const exchange = async () => {
    const response = await context.fetch(url, init);
    const text = await readText(response, fail);
    return { status: response.status, headers: response.headers, text };
  };
  try {
    // A fetch that does not heed its signal is left behind.
    return await untilAborted(stop.signal, exchange);
  } catch (error) {
    context.signal?.throwIfAborted();
    request.signal?.throwIfAborted();
    throw unavailable(error, { url, late: stop.late() }, fail);
  } finally {
    stop.done();
  }
}

function unavailable(error: unknown, at: { url: string; late: boolean }, fail: Fail): Error {
  if (error instanceof CredentialError) return error;
  const { host } = new URL(at.url);
  return fail({
    code: "unavailable",
    vendorMessage: at.late ? `${host} did not answer in time` : `${host} could not be reached`,
    advice: "Check the network, the proxy, and --allow-net.",
    retryable: true,
    cause: error,
  });
}

/** One signal that fires at the deadline or with any of the given ones, and leaves no timer behind. */
function linked(context: Context, extra: AbortSignal | undefined) {
  const controller = new AbortController();
  const sources = [context.signal, extra].filter((signal) => signal !== undefined);
  const stop = () => controller.abort(sources.find((signal) => signal.aborted)?.reason);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort(new DOMException("The deadline passed.", "TimeoutError"));
  }, context.timeoutMs);
  for (const signal of sources) {
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }
  const done = () => {
    clearTimeout(timer);
    for (const signal of sources) signal.removeEventListener("abort", stop);
  };
  return { signal: controller.signal, late: () => late, done };
}

async function readText(response: Response, fail: Fail): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > largestBody) {
      await reader.cancel();
      throw fail({ code: "invalid_response", vendorMessage: "the answer is larger than 1 MiB" });
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** `Retry-After` (RFC 9110 section 10.2.3), seconds or a date, in milliseconds from now. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** A vendor's text without the given secrets, anything shaped like a JWT, and control characters. */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret) clean = clean.replaceAll(secret, "[redacted]");
  }
  clean = clean.replace(jwtLike, "[redacted]").replace(control, " ").trim();
  return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean;
}
