import { encodeBase64Url } from "@std/encoding/base64url";
import type { SourceRuntime } from "../../client/source.ts";

/** Claims of an unsigned token for tests. */
export interface TestClaims {
  aud?: unknown;
  iss?: string;
  iat?: number;
  exp?: unknown;
  [name: string]: unknown;
}

/** A JWT with these claims; the client never looks at the signature. */
export function jwt(claims: TestClaims): string {
  return [{ alg: "RS256", typ: "JWT" }, claims].map(encode).join(".") + ".c2lnbmF0dXJl";
}

function encode(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The claims of a token. */
export function claimsOf(token: string): TestClaims {
  const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(
    Uint8Array.from(atob(payload), (char) => char.charCodeAt(0)),
  ));
}

/** A clock that moves only when told. */
export interface FakeClock {
  now: () => number;
  advance(ms: number): void;
  /** Moves on at once instead of waiting. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Every wait that was asked for, in ms. */
  slept: number[];
}

export function fakeClock(start = 1_800_000_000_000): FakeClock {
  let time = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    advance: (ms) => void (time += ms),
    sleep: (ms) => {
      slept.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
}

/** An environment reader over an object. */
export function envOf(values: Record<string, string>): (name: string) => string | undefined {
  const map = new Map(Object.entries(values));
  return (name) => map.get(name);
}

/** A runtime without files, commands, sockets or modules, except those given. */
export function emptyRuntime(parts: Partial<SourceRuntime> = {}): SourceRuntime {
  const absent = () => Promise.reject(new Error("not available in this test"));
  return {
    readFile: absent,
    run: absent,
    postUnix: absent,
    importModule: absent,
    requestHeaders: () => ({}),
    mayConnect: () => false,
    ...parts,
  };
}

/** What a stand-in endpoint received. */
export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
}

/** A server on a free loopback port that records what it receives. */
export interface StandIn extends AsyncDisposable {
  url: string;
  received: Received[];
}

export function standIn(
  answer: (request: Received) => Response | Promise<Response>,
  options: { path?: string } = {},
): StandIn {
  const received: Received[] = [];
  const handler = async (request: Request): Promise<Response> => {
    const { pathname: path, searchParams: query } = new URL(request.url);
    const { method, headers } = request;
    const record = { method, path, query, headers, body: await request.text() };
    received.push(record);
    return await answer(record);
  };
  const onListen = () => {};
  const server = options.path === undefined
    ? Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, handler)
    : Deno.serve({ transport: "unix", path: options.path, onListen }, handler);
  const port = "port" in server.addr ? server.addr.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A request token for an issuer, as Signet makes them. */
export async function requestToken(issuer: string, workload = "web"): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(issuer));
  const tag = encodeBase64Url(new Uint8Array(digest, 0, 6));
  return `signet_rt_${tag}_${workload}_${"A".repeat(43)}`;
}
