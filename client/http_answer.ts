import { IdTokenError, type IdTokenErrorCode } from "./errors.ts";
import type { HttpReply } from "./http.ts";

const SECRET = /eyJ[\w-]+\.[\w.-]*|signet_rt_[\w-]+/g;
const UNPRINTABLE = /[^\x20-\x7e]+/g;
const MAX_LENGTH = 300;

/** A string member of a JSON answer. */
export function jsonMember(reply: HttpReply, name: string): string {
  const value = jsonObject(reply.text)?.[name];
  if (typeof value === "string" && value !== "") return value;
  throw failure(reply, {
    code: "invalid_response",
    advice: `its answer has no "${name}". Check that the URL is the right one`,
  });
}

/** The text as a JSON object; `undefined` when it is something else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    // The parser's message quotes the text, which may hold a token, so it is dropped.
    return undefined;
  }
}

/** Throws for every status but 200; `advice` says what a 4xx of this endpoint means. */
export function requireOk(
  reply: HttpReply,
  advice: (reply: HttpReply) => { code?: IdTokenErrorCode; advice: string },
): void {
  if (reply.status === 200) return;
  if (reply.status === 429) {
    throw failure(reply, { code: "rate_limited", advice: "it asks to slow down" });
  }
  if (reply.status >= 500) {
    throw failure(reply, { code: "unavailable", advice: `it is failing${said(reply)}. Try later` });
  }
  throw failure(reply, { code: "request_refused", ...advice(reply) });
}

/** What the endpoint said about its refusal, cleaned and bounded, with a leading separator. */
export function said(reply: HttpReply): string {
  const body = jsonObject(reply.text);
  const words = [body?.error_description, body?.message, body?.error]
    .find((value) => typeof value === "string" && value !== "");
  return typeof words === "string" ? ` (it says: ${redact(words)})` : "";
}

function failure(
  reply: HttpReply,
  { code, advice }: { code: IdTokenErrorCode; advice: string },
): IdTokenError {
  return new IdTokenError(
    `Cannot get an identity token from ${reply.label}: status ${reply.status}, ${advice}`,
    { code, status: reply.status, retryAfterMs: reply.retryAfterMs },
  );
}

/** Makes foreign text fit for a message: no token, no control character, not long. */
export function redact(text: string): string {
  return text.replace(SECRET, "[redacted]").replace(UNPRINTABLE, " ").slice(0, MAX_LENGTH);
}
