import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createEndpoint } from "../../cli/agent/endpoint.ts";
import { type KeeperHost, keepTokenFile, writeTokenFile } from "../../cli/agent/keep_file.ts";
import { parseListen } from "../../cli/agent/listen_address.ts";
import { programEnvironment } from "../../cli/agent/program_environment.ts";
import { refreshDelay } from "../../cli/agent/refresh_delay.ts";
import { IdTokenError } from "../../client/errors.ts";
import { run } from "./_support.ts";

const bearer = "a".repeat(43);
const authority = "127.0.0.1:4000";

function endpoint(getIdToken = (audience: string) => Promise.resolve(`token for ${audience}`)) {
  return createEndpoint({ authority: () => authority, bearer, getIdToken });
}

function request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const headers = { host: authority, authorization: `Bearer ${bearer}`, ...init.headers };
  const made = new Request(`http://${authority}${path}`, init);
  // The constructor of Request forbids Host; a server's requests have it.
  Object.defineProperty(made, "headers", { value: new Headers(headers) });
  return made;
}

Deno.test("the agent's endpoint answers GitHub's protocol, and keeps the answer out of caches", async () => {
  const response = await endpoint()(request("/token?api-version=2.0&audience=vault"));
  assertEquals(await response.json(), { value: "token for vault" });
  assertEquals(response.headers.get("cache-control"), "no-store");
  assert(![...response.headers.keys()].some((name) => name.startsWith("access-control")));
});

Deno.test("the agent's endpoint refuses what a stranger, a web page or a mistake would send", async () => {
  const path = "/token?audience=vault";
  const cases: [number, Request][] = [
    [401, request(path, { headers: { authorization: "" } })],
    [401, request(path, { headers: { authorization: `Bearer ${bearer}x` } })],
    [401, request(path, { headers: { authorization: `Bearer ${bearer.slice(1)}` } })],
    [401, request(path, { headers: { authorization: `Basic ${bearer}` } })],
    [421, request(path, { headers: { host: "evil.test" } })],
    [421, request(path, { headers: { host: "localhost:4000" } })],
    [421, request(path, { headers: { host: "127.0.0.1" } })],
    [405, request(path, { method: "POST" })],
    [405, request(path, { method: "OPTIONS" })],
    [405, request(path, { method: "HEAD" })],
    [404, request("/", {})],
    [400, request("/token", {})],
    [400, request("/token?audience=", {})],
    [400, request("/token?audience=a&audience=b", {})],
  ];
  for (const [status, given] of cases) {
    const response = await endpoint()(given);
    assertEquals(response.status, status, `${given.method} ${given.url}`);
    assert(!(await response.text()).includes("token for"));
    assert(!response.headers.has("location"));
  }
});

Deno.test("the agent's endpoint passes on why the issuer refuses, and nothing that it should not", async () => {
  const failing = (error: unknown) => endpoint(() => Promise.reject(error));
  const ask = request("/token?audience=vault");
  const refused = new IdTokenError("Cannot: not allowed", { code: "audience_refused" });
  const forbidden = await failing(refused)(ask);
  assertEquals(forbidden.status, 403);
  assertEquals((await forbidden.json()).message, "Cannot: not allowed");
  const busy = new IdTokenError("Cannot: busy", { code: "rate_limited", retryAfterMs: 1500 });
  const limited = await failing(busy)(ask);
  assertEquals([limited.status, limited.headers.get("retry-after")], [429, "2"]);
  const odd = await failing(new Error("secret detail"))(ask);
  assertEquals(odd.status, 500);
  assert(!(await odd.text()).includes("secret"));
});

Deno.test("the agent listens on loopback only", () => {
  assertEquals(parseListen("127.0.0.1:0"), { hostname: "127.0.0.1", port: 0 });
  assertEquals(parseListen("localhost:80"), { hostname: "127.0.0.1", port: 80 });
  assertEquals(parseListen("[::1]:9000"), { hostname: "::1", port: 9000 });
  for (const text of ["0.0.0.0:80", "10.0.0.1:80", ":80", "127.0.0.1", "127.0.0.1:70000"]) {
    assertThrows(() => parseListen(text), Error, "loopback");
  }
});

Deno.test("a file is refreshed at 75 % of what its token has left, whatever this clock says", () => {
  const iat = 1000;
  const span = { iat, exp: iat + 300 };
  assertEquals(refreshDelay(span, iat * 1000), 225_000);
  assertEquals(refreshDelay(span, (iat + 100) * 1000), 150_000);
  const slow = refreshDelay(span, (iat - 600) * 1000);
  const fast = refreshDelay(span, (iat + 600) * 1000);
  assertEquals([slow, fast], [225_000, 225_000]);
});

/** A keeper on a virtual clock: time passes only while it sleeps. */
function keeperBench(getIdToken: (now: number) => string | Error) {
  const stop = new AbortController();
  let now = 1_000_000;
  const written: { at: number; text: string }[] = [];
  const failures: string[] = [];
  const host: KeeperHost = {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      if (now > 1_000_000 + 1_000_000) stop.abort();
      return Promise.resolve();
    },
    getIdToken: () => {
      const answer = getIdToken(now);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    write: (_path, text) => {
      written.push({ at: now - 1_000_000, text });
      return Promise.resolve();
    },
    onWrite: () => {},
    onFailure: (_file, error) => failures.push((error as Error).message),
  };
  const file = { audience: "vault", path: "/run/token" };
  const keep = async () => {
    const first = await writeTokenFile(file, host);
    await keepTokenFile(file, first, { host, signal: stop.signal });
  };
  return { keep, written, failures };
}

function tokenAt(now: number, life = 100): string {
  const iat = Math.floor(now / 1000);
  const claims = btoa(JSON.stringify({ aud: "vault", iat, exp: iat + life })).replaceAll("=", "");
  return `${btoa('{"alg":"RS256"}').replaceAll("=", "")}.${claims}.c2ln`;
}

Deno.test("a file gets each new token at 75 % of the last one's life", async () => {
  const { keep, written, failures } = keeperBench((now) => tokenAt(now));
  await keep();
  assertEquals(written.slice(0, 4).map(({ at }) => at), [0, 75_000, 150_000, 225_000]);
  assertEquals(failures, []);
});

Deno.test("a file waits for the new token while the client still gives the old one", async () => {
  // As the client does: the old token for a while, then the new one.
  const { keep, written } = keeperBench((now) => tokenAt(Math.floor(now / 80_000) * 80_000));
  await keep();
  assert(written.length > 8, String(written.length));
  assertEquals(new Set(written.map(({ text }) => text)).size, written.length);
});

Deno.test("a file keeps its token through failures, and one line tells of a whole row of them", async () => {
  const { keep, written, failures } = keeperBench((now) =>
    now >= 1_070_000 && now < 1_200_000 ? new Error("issuer is down") : tokenAt(now)
  );
  await keep();
  assertEquals(failures, ["issuer is down"]);
  const [, second] = written;
  assert(second!.at >= 200_000 && second!.at < 270_000, String(second!.at));
});

Deno.test("a program under the agent gets the variables, and none of the agent's secrets", () => {
  const own = {
    PATH: "/bin",
    SIGNET_REQUEST_TOKEN: "secret",
    SIGNET_ADMIN_TOKEN: "secret",
    SIGNET_PRIVATE_KEY: "secret",
    SIGNET_ISSUER: "https://id.acme.test",
    HTTP_PROXY: "http://proxy",
    NO_PROXY: "acme.test",
  };
  const env = programEnvironment(own, { AWS_ROLE_ARN: "arn" });
  assertEquals(env, {
    PATH: "/bin",
    AWS_ROLE_ARN: "arn",
    HTTP_PROXY: "http://proxy",
    NO_PROXY: "acme.test,127.0.0.1,::1",
  });
});

Deno.test("agent says at once what makes no sense", async () => {
  const env = { SIGNET_ISSUER: "https://id.acme.test", SIGNET_REQUEST_TOKEN: "x" };
  const refused: [string, string[]][] = [
    ["Nothing to do", ["--no-listen"]],
    ["no provider is named", ["--google-file", "g.json"]],
    ["two things in /test/a", ["--aws-file", "a", "--azure-file", "a"]],
    ["AUDIENCE=PATH", ["--file", "vault"]],
    ["loopback", ["--listen", "0.0.0.0:80"]],
  ];
  for (const [words, args] of refused) {
    const { code, stdout, stderr } = await run(["agent", ...args], { env });
    assertEquals([code, stdout], [2, ""], words);
    assertStringIncludes(stderr.replace(/\s+/g, " "), words);
  }
});

Deno.test("agent ends with the client's words when it gets no token, and leaves no file", async () => {
  const removed: string[] = [];
  const env = { SIGNET_ISSUER: "https://id.acme.test" };
  const { code, stderr } = await run(["agent", "--aws-file", "aws", "--no-listen"], {
    env,
    files: {
      read: () => Promise.resolve(undefined),
      writePrivate: () => Promise.reject(new Error("must not be written")),
      create: () => Promise.resolve(true),
      remove: (path) => Promise.resolve(void removed.push(path)),
      absolute: (path) => path,
      isOpenToOthers: () => Promise.resolve(false),
    },
  });
  assertEquals(code, 2);
  assertStringIncludes(stderr, "SIGNET_REQUEST_TOKEN");
});
