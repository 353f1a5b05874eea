import { isJsonObject, type JsonObject, parseStrictJson } from "./strict_json.ts";

/** How {@linkcode fetchJson} reaches the network. */
export interface FetchJsonOptions {
  /** The fetch to use; default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called with every URL before it is requested; throws to forbid it. */
  readonly checkUrl?: (url: URL) => void | Promise<void>;
  /** Deadline for the whole exchange, body included, milliseconds; default 5,000. */
  readonly timeoutMs?: number;
  /** Largest body read, bytes; default 262,144. */
  readonly maxBytes?: number;
}

/** A document and how long its server lets it be kept. */
export interface FetchedJson {
  /** The document. */
  readonly document: JsonObject;
  /** `max-age` of `Cache-Control` in milliseconds, 0 for `no-store` and `no-cache`. */
  readonly maxAgeMs: number | undefined;
}

/**
 * Gets a JSON object over HTTP: status 200 only, no redirect, no credentials, bounded in time and
 * bytes (security threats 36, 38, 40).
 *
 * @throws {Error} with the reason; the caller decides what it means.
 */
export async function fetchJson(url: URL, options: FetchJsonOptions = {}): Promise<FetchedJson> {
  const { timeoutMs = 5_000 } = options;
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`Cannot get ${url.href}: no answer within ${timeoutMs} ms`);
      reject(error);
      aborter.abort(error);
    }, timeoutMs);
  });
  try {
    // The race holds even where an injected fetch does not heed the signal.
    return await Promise.race([exchange(url, options, aborter.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(url: URL, options: FetchJsonOptions, signal: AbortSignal) {
  const { fetch = globalThis.fetch, maxBytes = 262_144 } = options;
  await options.checkUrl?.(url);
  signal.throwIfAborted();
  const response = await fetch(url.href, {
    headers: { accept: "application/json" },
    redirect: "error",
    credentials: "omit",
    signal,
  });
  if (response.status !== 200 || response.redirected) {
    await response.body?.cancel();
    throw new Error(`Cannot get ${url.href}: the answer is ${describe(response)}, not 200`);
  }
  const bytes = await readBody(response, maxBytes);
  const document = parseStrictJson(bytes, { maxMembers: 8_192 });
  if (!isJsonObject(document)) throw new Error(`Cannot get ${url.href}: it is not a JSON object`);
  return { document, maxAgeMs: maxAgeOf(response.headers.get("cache-control")) };
}

function describe(response: Response): string {
  return response.redirected ? "a redirect" : `status ${response.status}`;
}

/** Reads by chunks, because a length header may be missing or wrong. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [], reader = response.body?.getReader();
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new Error(`Cannot read answer: it is over ${maxBytes} bytes`);
    }
    chunks.push(part.value);
  }
  return join(chunks, size);
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function maxAgeOf(header: string | null): number | undefined {
  let maxAgeMs: number | undefined;
  for (const directive of (header ?? "").toLowerCase().split(",")) {
    const [name, value = ""] = directive.trim().split("=");
    if (name === "no-store" || name === "no-cache") return 0;
    const seconds = value === "" ? NaN : Number(value);
    if (name === "max-age" && Number.isSafeInteger(seconds) && seconds >= 0) {
      maxAgeMs = seconds * 1000;
    }
  }
  return maxAgeMs;
}
