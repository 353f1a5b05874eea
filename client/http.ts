import { IdTokenError } from "./errors.ts";

/** One HTTP request of a source. */
export interface HttpRequest {
  /** Where to. A secret never stands in it. */
  url: string;
  /** Default: GET. */
  method?: string;
  /** Request headers. */
  headers: Record<string, string>;
  /** Request body. */
  body?: string;
  /** Ends the attempt. */
  signal: AbortSignal;
  /** Who is asked, for messages. */
  label: string;
}

/** An answer, read to its end. */
export interface HttpReply {
  /** Status code. */
  readonly status: number;
  /** Body as text. */
  readonly text: string;
  /** Local ms just before the request. */
  readonly sentAt: number;
  /** The answer's `Date` in ms. */
  readonly serverDate: number | undefined;
  /** A refusal's `Retry-After` in ms from now, never negative. */
  readonly retryAfterMs: number | undefined;
  /** Who answered, for messages. */
  readonly label: string;
}

const MAX_BODY = 64 * 1024;

/** Sends a request and reads its answer; redirects are errors, the body is bounded. */
export async function send(
  { label, url, method, headers: given, body, signal }: HttpRequest,
  io: { fetch: typeof fetch; now: () => number },
): Promise<HttpReply> {
  const sentAt = io.now();
  try {
    // A token hardly shrinks, and an answer of unknown length takes longer to read than to send.
    const headers = { "accept-encoding": "identity", ...given };
    const init = { method, headers, body, signal, redirect: "error" } as const;
    const response = await io.fetch(url, init);
    return await readReply(response, { label, sentAt });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof IdTokenError ? error : transportError(label, error);
  }
}

/** The header of a bearer credential (RFC 6750 section 2.1) that the environment holds under `name`. */
export function bearer(credential: string, name: string): string {
  // Checked before it becomes a header, because some runtimes quote a faulty header in their error.
  if (/^[\x21-\x7e]+$/.test(credential)) return `Bearer ${credential}`;
  const message = `Cannot use ${name}: it is not one line of ASCII without spaces. Copy it anew`;
  throw new IdTokenError(message, { code: "invalid_configuration" });
}

/** Reads an answer that came by another way than `send`. */
export async function readReply(
  response: Response,
  { label, sentAt }: { label: string; sentAt: number },
): Promise<HttpReply> {
  const serverDate = parseDate(response.headers.get("date"));
  const retryAfterMs = response.ok
    ? undefined
    : parseRetryAfter(response.headers.get("retry-after"), serverDate ?? sentAt);
  const text = await readText(response, label);
  return { status: response.status, text, sentAt, serverDate, retryAfterMs, label };
}

function transportError(label: string, cause: unknown): IdTokenError {
  const redirected = /redirect/i.test(`${messageOf(cause)} ${messageOf(causeOf(cause))}`);
  const state = redirected
    ? "it answers with a redirect, which is never followed. Use the URL it redirects to"
    : "it cannot be reached. Check its address, the network and, on Deno, --allow-net";
  return new IdTokenError(`Cannot get an identity token from ${label}: ${state}`, {
    code: redirected ? "unexpected_redirect" : "network_error",
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function parseDate(value: string | null): number | undefined {
  const ms = value === null ? NaN : Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value !== null && /^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = parseDate(value);
  return date === undefined ? undefined : Math.max(0, date - now);
}

function readText(response: Response, label: string): Promise<string> {
  const declared = response.headers.get("content-length");
  return declared !== null && Number(declared) <= MAX_BODY
    ? response.text()
    : readBounded(response, label);
}

async function readBounded(response: Response, label: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BODY) {
      const message = `Cannot get an identity token from ${label}: its answer is too long. ` +
        "Check that the URL is the right one";
      throw new IdTokenError(message, { code: "invalid_response", status: response.status });
    }
  }
  return text + decoder.decode();
}
