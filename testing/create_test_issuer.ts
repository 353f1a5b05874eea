import { createIssuer } from "../issuer/create_issuer.ts";
import { parseWorkload } from "../issuer/workloads/parse_workload.ts";
import { createRequestToken, sha256Hex } from "../issuer/workloads/request_token.ts";
import type { JsonValue, WorkloadRecord } from "../issuer/workloads/workload.ts";
import { memoryKv } from "../kv/memory_kv.ts";

/** Options of {@linkcode createTestIssuer}. */
export interface TestIssuerOptions {
  /** URL that the tokens name. Default `https://issuer.test`; nothing listens there. */
  readonly url?: string;
  /** First part of the subject. Default `test`. */
  readonly org?: string;
  /** Second part of the subject. Default `app`. */
  readonly app?: string;
  /** Third part of the subject. Default `test`. */
  readonly context?: string;
  /** Audiences that tokens may be asked for. Default all. */
  readonly audiences?: readonly string[];
  /** Extra claims of every token. Default none. */
  readonly claims?: Readonly<Record<string, JsonValue>>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a test may ask of one token. */
export interface TestTokenOptions {
  /** Lifetime in seconds, 1 to 3600. Default 300, or what the audience's profile says. */
  readonly ttl?: number;
}

/** An issuer in memory. */
export interface TestIssuer {
  /** The `iss` of its tokens. */
  readonly url: string;
  /** Answers requests to {@linkcode url} in this process, and refuses all others. Pass it where `fetch` is an option. */
  readonly fetch: typeof fetch;
  /** Environment for a program under test: `SIGNET_ISSUER` and `SIGNET_REQUEST_TOKEN`. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * A fresh token.
   *
   * @throws {Error} with the issuer's own words when it refuses.
   */
  getIdToken(audience: string, options?: TestTokenOptions): Promise<string>;
  /** Ends the signing workers. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an issuer with one workload that may ask for tokens. */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { url = "https://issuer.test", now = Date.now } = options;
  const requestToken = createRequestToken({ issuer: url, workload: "test", randomBytes });
  const issuer = createIssuer({
    issuer: url,
    kv: memoryKv(),
    keyEncryptionKeys: [randomBytes(32)],
    workloads: [testWorkload({ ...options, url, requestToken })],
    now,
  });
  await issuer.start();
  const serve = inProcessFetch(url, issuer.fetch);
  return {
    url,
    fetch: serve,
    env: { SIGNET_ISSUER: url, SIGNET_REQUEST_TOKEN: requestToken },
    async getIdToken(audience, { ttl } = {}) {
      const query = new URLSearchParams({ audience, ...(ttl && { ttl: String(ttl) }) });
      const headers = { authorization: `Bearer ${requestToken}` };
      const response = await serve(`${url}/token?${query}`, { headers });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error_description);
      return answer.value;
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

function testWorkload(
  options: TestIssuerOptions & { url: string; requestToken: string },
): WorkloadRecord {
  const { org = "test", app = "app", context = "test", audiences = ["*"], claims = {} } = options;
  const definition = { id: "test", org, app, context, audiences, claims };
  const { workload } = parseWorkload(definition, { issuer: options.url });
  const credential = {
    type: "request_token" as const,
    id: "test",
    sha256: sha256Hex(options.requestToken),
    createdAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
  const written = { writeId: "test", revision: "test", createdAt: 0, updatedAt: 0 };
  return { version: 1, ...written, workload, credentials: [credential], managedBy: "config" };
}

function inProcessFetch(
  url: string,
  answer: (request: Request) => Promise<Response>,
): typeof fetch {
  return (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(`${url}/`)) return answer(request);
    return Promise.reject(
      new TypeError(`Cannot fetch ${new URL(request.url).origin}: the test issuer has no network`),
    );
  };
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
