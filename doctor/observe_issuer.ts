import type { TlsChain, TlsChainReader } from "../setup/aws_thumbprint.ts";
import { errorText } from "./redact.ts";

/** How the doctor looks at an issuer. */
export interface ObserveOptions {
  /** Default: the global fetch. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Reads the TLS chain of a host. Default none: the TLS checks are skipped. */
  readonly readTlsChain?: TlsChainReader;
  /** Deadline of one request in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

/** One document as it came over the wire. */
export interface FetchedDocument {
  readonly url: string;
  /** Why no answer came. */
  readonly error?: string;
  /** Status of the final answer; 0 without one. */
  readonly status: number;
  /** Where the first answer redirected to. */
  readonly redirect?: string;
  readonly headers: Headers;
  readonly elapsedMs: number;
  /** When the answer was complete, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The JSON object, or undefined when it is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** A key as it stands in the key set. */
export type PublishedKey = Readonly<Record<string, unknown>>;

/** Everything that was seen of an issuer. */
export interface IssuerObservation {
  readonly issuer: string;
  readonly discovery: FetchedDocument;
  /** Undefined when discovery names no key set. */
  readonly jwks: FetchedDocument | undefined;
  readonly keys: readonly PublishedKey[];
  readonly tls: TlsChain | undefined;
  /** Why the TLS chain could not be read. */
  readonly tlsError?: string;
}

const MAX_BYTES = 1024 * 1024;

/** Read discovery, key set and TLS chain once, as a relying party would. */
export async function observeIssuer(
  issuer: string,
  options: ObserveOptions = {},
): Promise<IssuerObservation> {
  const discovery = await fetchDocument(`${issuer}/.well-known/openid-configuration`, options);
  const uri = discovery.body?.jwks_uri;
  const jwks = typeof uri === "string" ? await fetchDocument(uri, options) : undefined;
  const keys = Array.isArray(jwks?.body?.keys) ? jwks.body.keys.filter(isObject) : [];
  return { issuer, discovery, jwks, keys, ...await readTls(jwks?.url ?? issuer, options) };
}

async function fetchDocument(url: string, options: ObserveOptions): Promise<FetchedDocument> {
  const { now = Date.now } = options;
  const started = now();
  try {
    const { response, redirect } = await follow(url, options);
    const text = await readText(response);
    const { status, headers } = response;
    return { url, status, redirect, headers, ...timing(started, now), body: parseObject(text) };
  } catch (cause) {
    const error = errorText(cause);
    return {
      url,
      error,
      status: 0,
      headers: new Headers(),
      ...timing(started, now),
      body: undefined,
    };
  }
}

function timing(started: number, now: () => number): { elapsedMs: number; receivedAt: number } {
  const receivedAt = now();
  return { elapsedMs: receivedAt - started, receivedAt };
}

/** One redirect is followed so that the other checks can go on; that it happened is reported. */
async function follow(
  url: string,
  { fetch = globalThis.fetch, timeoutMs = 10_000 }: ObserveOptions,
): Promise<{ response: Response; redirect?: string }> {
  const init = () => ({ redirect: "manual" as const, signal: AbortSignal.timeout(timeoutMs) });
  const first = await fetch(url, init());
  const location = first.headers.get("location");
  if (first.status < 300 || first.status > 399 || location === null) return { response: first };
  await first.body?.cancel();
  const redirect = new URL(location, url).href;
  return { response: await fetch(redirect, init()), redirect };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the answer is longer than 1 MiB");
    chunks.push(chunk);
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readTls(
  address: string,
  { readTlsChain }: ObserveOptions,
): Promise<Pick<IssuerObservation, "tls" | "tlsError">> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!readTlsChain || url?.protocol !== "https:") return { tls: undefined };
  try {
    return { tls: await readTlsChain(url.hostname, Number(url.port || "443")) };
  } catch (cause) {
    return { tls: undefined, tlsError: errorText(cause) };
  }
}
