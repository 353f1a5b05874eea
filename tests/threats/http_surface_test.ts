/** The HTTP surface, byte by byte over a real connection. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { connectRaw } from "../e2e/_support.ts";
import { audience, grants } from "./_support.ts";

/** Sends a request as it is written. */
async function raw(
  started: StartedIssuer,
  lines: readonly string[],
  body: string | Uint8Array = "",
): Promise<{ status: number; text: string }> {
  using connection = await connectRaw(Number(new URL(started.url).port));
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const length = bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : [];
  const hasHost = lines.some((line) => line.startsWith("Host:"));
  const head = [lines[0]!, ...(hasHost ? [] : ["Host: x"]), ...lines.slice(1), ...length];
  await connection.send([...head, "Connection: close", "", ""].join("\r\n"));
  await connection.send(bytes);
  const text = await connection.receive();
  return { status: Number(text.split(" ")[1]), text };
}

const formType = "Content-Type: application/x-www-form-urlencoded";

async function start() {
  const started = listeningIssuer({ path: "/id" });
  const requestToken = await started.register();
  return { started, bearer: `Authorization: Bearer ${requestToken}`, requestToken };
}

const encode = (form: Record<string, string>) => new URLSearchParams(form).toString();

Deno.test("threat 43: /token refuses doubled and bracketed parameters, query beside body, and two ways to authenticate", async () => {
  const { started, bearer } = await start();
  await using _ = started;
  const good = encode({ grant_type: "client_credentials", audience });
  const post = (body: string, { path = "/id/token", auth = [bearer] } = {}) =>
    raw(started, [`POST ${path} HTTP/1.1`, formType, ...auth], body);
  assertEquals((await post(good)).status, 200);
  const refused = [
    post(`${good}&audience=b`),
    post(`${good}&audience=${encodeURIComponent(audience)}`),
    post(`${good}&audience%5B%5D=b`),
    post(`${good}&audience[]=b`),
    post(`${good}&grant_type=client_credentials`),
    post(good, { path: `/id/token?audience=${audience}` }),
    post(`${good}&client_secret=x`),
    ...Object.values(grants).map((form) => post(encode({ audience, ...form("a.b.c") }))),
  ];
  for (const answer of await Promise.all(refused)) {
    assertEquals(answer.status, 400, answer.text);
    assertStringIncludes(answer.text, '"invalid_request"');
  }
  const query = `GET /id/token?audience=a&audience=b HTTP/1.1`;
  assertEquals((await raw(started, [query, bearer])).status, 400);
});

Deno.test("threat 44: two Authorization headers are 401, with either first", async () => {
  const { started, bearer } = await start();
  await using _ = started;
  const query = `GET /id/token?audience=${encodeURIComponent(audience)} HTTP/1.1`;
  assertEquals((await raw(started, [query, bearer])).status, 200);
  const wrong = "Authorization: Bearer x";
  for (const headers of [[bearer, wrong], [wrong, bearer], [bearer, bearer]]) {
    const answer = await raw(started, [query, ...headers]);
    assertEquals(answer.status, 401);
    assertStringIncludes(answer.text.toLowerCase(), "www-authenticate: bearer");
  }
});

Deno.test("threat 45: bytes that are not UTF-8 are 400, raw or percent-encoded", async () => {
  const { started, bearer } = await start();
  await using _ = started;
  const good = `grant_type=client_credentials&audience=`;
  const bytes = new Uint8Array([...new TextEncoder().encode(good), 0x61, 0xff, 0xfe]);
  const post = (body: string | Uint8Array) =>
    raw(started, ["POST /id/token HTTP/1.1", formType, bearer], body);
  for (const body of [bytes, `${good}a%ff`, `${good}%c3%28`, `${good}%ed%a0%80`, `${good}%`]) {
    const answer = await post(body);
    assertEquals(answer.status, 400, String(body));
    assertStringIncludes(answer.text, '"invalid_request"');
  }
});

Deno.test("threat 47: no Host, forwarding header or absolute form changes what the issuer says it is", async () => {
  const { started, bearer } = await start();
  await using _ = started;
  const path = "/id/.well-known/openid-configuration";
  const requests = [
    [`GET ${path} HTTP/1.1`, "Host: evil.example"],
    [`GET http://evil.example${path} HTTP/1.1`, "Host: evil.example"],
    [`GET ${path} HTTP/1.1`, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"],
    [`GET ${path} HTTP/1.1`, "Forwarded: host=evil.example;proto=https"],
    [`GET ${path} HTTP/1.1`, "X-Original-URL: /admin/", "X-Forwarded-Prefix: /evil"],
  ];
  for (const lines of requests) {
    const { status, text } = await raw(started, lines);
    assertEquals(status, 200, lines.join());
    assertStringIncludes(text, `"issuer":"${started.url}"`);
    assert(!text.includes("evil"), text);
  }
  const query = `GET /id/token?audience=${encodeURIComponent(audience)} HTTP/1.1`;
  const { text } = await raw(started, [query, "Host: evil.example", bearer]);
  const { value } = JSON.parse(text.slice(text.indexOf("{")));
  assertEquals(JSON.parse(atob(value.split(".")[1])).iss, started.url);
});

Deno.test("threat 48: a page of another origin can send no form that the issuer takes", async () => {
  const { started, bearer } = await start();
  await using _ = started;
  const good = encode({ grant_type: "client_credentials", audience });
  const origin = "Origin: https://evil.example";
  for (const type of ["text/plain", "multipart/form-data; boundary=x", ""]) {
    const lines = ["POST /id/token HTTP/1.1", `Content-Type: ${type}`, bearer, origin];
    assertEquals((await raw(started, lines, good)).status, 400, type);
  }
  const asked = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: *"];
  const preflight = await raw(started, ["OPTIONS /id/token HTTP/1.1", origin, ...asked]);
  assert(!/^access-control-/im.test(preflight.text), preflight.text);
  const keys = await raw(started, ["GET /id/.well-known/jwks.json HTTP/1.1", origin]);
  assertStringIncludes(keys.text.toLowerCase(), "access-control-allow-origin: *");
});

Deno.test("threat 49: keys may be cached for less than their lead, tokens and errors never", async () => {
  const { started, requestToken } = await start();
  await using _ = started;
  const headers = { authorization: `Bearer ${requestToken}` };
  const cacheOf = async (path: string, init?: RequestInit) => {
    const answer = await started.get(path, init);
    await answer.body?.cancel();
    return answer.headers.get("cache-control");
  };
  for (const path of ["/.well-known/jwks.json", "/.well-known/openid-configuration"]) {
    const [, seconds] = /^public, max-age=(\d+)$/.exec(await cacheOf(path) ?? "")!;
    assert(Number(seconds) > 0 && Number(seconds) <= 3_600, path);
  }
  assertEquals(await cacheOf(`/token?audience=${audience}`, { headers }), "no-store");
  for (const path of ["/token", "/token?audience=a", "/nothing", "/admin/keys"]) {
    assertEquals(await cacheOf(path), "no-store", path);
  }
});

Deno.test("threat 50: no spelling of a path but the plain one finds an issuer's documents", async () => {
  const { started } = await start();
  await using _ = started;
  const known = ".well-known/openid-configuration";
  assertEquals((await raw(started, [`GET /id/${known} HTTP/1.1`])).status, 200);
  const spellings = [
    `//id/${known}`,
    `/id//${known}`,
    `/id/${known}/`,
    `/%69d/${known}`,
    `/ID/${known}`,
    `/id%2f${known}`,
    `/id;x/${known}`,
    `/other/${known}`,
    `/${known}`,
  ];
  for (const path of spellings) {
    assertEquals((await raw(started, [`GET ${path} HTTP/1.1`])).status, 404, path);
  }
});
