/** What the issuer is asked, all at once and for as long as the soak lasts. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { count, type SoakIssuer } from "./issuer_process.ts";
import type { Platform } from "./platform.ts";

/** A stream of equal requests. */
export interface Stream {
  readonly name: string;
  /** Requests per second. */
  readonly rate: number;
  /** Statuses that are right; any other fails the soak. */
  readonly expected: readonly number[];
  /** Makes a request; answers its status. */
  readonly send: () => Promise<number>;
}

const tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const form = (entries: Record<string, string>) => ({
  method: "POST",
  body: new URLSearchParams(entries),
});
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const random = (bytes: number): string =>
  encodeBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));

/** Registers what the flood needs and describes its streams. */
export async function createFlood(issuer: SoakIssuer, platform: Platform): Promise<Stream[]> {
  // Guesses come from an address of their own, or its limit would refuse the sound ones too.
  const strangers = Deno.createHttpClient({ localAddress: "127.0.0.9" });
  const request = async (path: string, init: RequestInit & { client?: Deno.HttpClient } = {}) => {
    const response = await fetch(issuer.url + path, init);
    await response.arrayBuffer();
    return response.status;
  };
  const admin = async (method: string, path: string, body?: unknown, more: HeadersInit = {}) => {
    const headers = {
      authorization: `Bearer ${issuer.adminToken}`,
      "content-type": "application/json",
      ...more,
    };
    const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    const response = await fetch(`${issuer.url}/admin/${path}`, init);
    return { status: response.status, body: await response.json().catch(() => ({})) };
  };
  const workload = (id: string, more: object = {}) => ({
    ...{ id, org: "acme", app: id, context: "production", audiences: ["*"], ...more },
  });
  const register = async (id: string, more?: object): Promise<string> => {
    await admin("POST", "workloads", workload(id, more));
    const { body } = await admin("POST", `workloads/${id}/credentials`, { type: "request_token" });
    return body.secret;
  };
  const ids = Array.from({ length: 20 }, (_, index) => `app-${index}`);
  const secrets = await Promise.all(ids.map((id) => register(id)));
  const greedy = await register("greedy");
  const trust = [{
    ...{ issuer: platform.url, audience: issuer.url, singleUse: true },
    claims: { project: "7" },
  }];
  await register("exchanged", { trust });
  const [, , tag] = greedy.split("_");

  let turn = 0, created = 0;
  const next = <T>(list: readonly T[]): T => list[turn++ % list.length]!;
  const audience = () => next(["https://a.test", "https://es.test", `https://${random(6)}.test`]);
  const guess = () => `signet_rt_${tag}_guess-${created++}_${random(32)}`;
  const forged = () =>
    [{ alg: "ES256", kid: random(6), typ: "JWT" }, {
      ...{ iss: `https://${random(600)}.test`, sub: random(6), aud: issuer.url, jti: random(6) },
      ...{ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 300 },
    }].map((part) => encodeBase64Url(JSON.stringify(part))).join(".") + `.${random(64)}`;
  const exchange = (token: string, client?: Deno.HttpClient) =>
    request("/token", {
      ...form({
        ...{ grant_type: tokenExchange, audience: "https://a.test", subject_token: token },
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      }),
      client,
    });
  const used: string[] = [];

  return [
    {
      ...{ name: "valid", rate: 30, expected: [200] },
      send: () => request(`/token?audience=${audience()}`, bearer(next(secrets))),
    },
    {
      ...{ name: "greedy", rate: 15, expected: [200, 429] },
      send: () => request("/token?audience=https://a.test", bearer(greedy)),
    },
    {
      ...{ name: "guessed", rate: 15, expected: [401, 429] },
      send: () =>
        request("/token?audience=https://a.test", { ...bearer(guess()), client: strangers }),
    },
    {
      ...{ name: "forged", rate: 10, expected: [400, 429] },
      send: () => exchange(forged(), strangers),
    },
    {
      ...{ name: "exchanged", rate: 5, expected: [200] },
      async send() {
        const token = await platform.token(issuer.url);
        const status = await exchange(token);
        used.push(token);
        return status;
      },
    },
    {
      ...{ name: "replayed", rate: 2, expected: [400, 429] },
      // Before any was used there is nothing to replay.
      send: () =>
        used.length > 0 ? exchange(used.splice(0).at(-1)!, strangers) : Promise.resolve(400),
    },
    {
      ...{ name: "malformed", rate: 5, expected: [400, 405] },
      send: () =>
        request(
          "/token",
          next([form({ [random(9)]: random(900) }), { method: "PUT" }, {
            method: "POST",
            body: crypto.getRandomValues(new Uint8Array(3_000)),
          }]),
        ),
    },
    {
      ...{ name: "jwks", rate: 15, expected: [200] },
      send: () => request("/.well-known/jwks.json"),
    },
    {
      ...{ name: "discovery", rate: 10, expected: [200] },
      send: () => request("/.well-known/openid-configuration"),
    },
    { ...{ name: "page", rate: 1, expected: [200] }, send: () => request("/") },
    { ...{ name: "elsewhere", rate: 2, expected: [404] }, send: () => request(`/${random(30)}`) },
    {
      ...{ name: "admin", rate: 1, expected: [200] },
      async send() {
        const id = `brief-${created++}`;
        const steps = [
          () => admin("POST", "workloads", workload(id)),
          () => admin("POST", `workloads/${id}/credentials`, { type: "request_token" }),
          () => admin("PATCH", `workloads/${id}`, { maxTtlSeconds: 60 }, { "if-match": "*" }),
          () => admin("GET", "audit?limit=20"),
          () => admin("DELETE", `workloads/${id}`, undefined, { "if-match": "*" }),
        ];
        for (const step of steps) {
          const { status } = await step();
          if (status >= 300) return status;
        }
        return 200;
      },
    },
    {
      ...{ name: "rotated", rate: 1 / 90, expected: [200] },
      send: async () => {
        const alg = next(["ES256", "RS256"]);
        return (await admin("POST", "keys/rotate", { emergency: true, alg })).status;
      },
    },
  ];
}

/** Sends every stream at its rate until `signal`; counts answers by stream and status. */
export async function pour(
  streams: readonly Stream[],
  { signal, counts, onFault }: {
    signal: AbortSignal;
    counts: Map<string, number>;
    onFault: (fault: string) => void;
  },
): Promise<void> {
  const started = performance.now();
  const sent = streams.map(() => 0), waiting = new Set<Promise<void>>();
  async function one({ name, expected, send }: Stream): Promise<void> {
    const status = await send().catch((error: Error) => error.message);
    count(counts, `${name} ${status}`);
    if (typeof status !== "number" || !expected.includes(status)) onFault(`${name}: ${status}`);
  }
  while (!signal.aborted) {
    const seconds = (performance.now() - started) / 1000;
    for (const [index, stream] of streams.entries()) {
      const due = Math.floor(seconds * stream.rate) - sent[index]!;
      sent[index]! += due;
      // After a pause of the machine a few at once are enough; the rest is left out.
      for (let more = Math.min(due, 20); more > 0; more--) {
        const answer = one(stream).finally(() => waiting.delete(answer));
        waiting.add(answer);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all(waiting);
}
