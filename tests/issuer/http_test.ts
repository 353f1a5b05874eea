import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { startIssuer } from "../_support/start_issuer.ts";

Deno.test("discovery names the configured issuer byte for byte, whatever the Host says", async () => {
  await using started = startIssuer();
  for (const host of ["https://tokens.test", "http://evil.example", "https://127.0.0.1:9"]) {
    const request = new Request(`${host}/.well-known/openid-configuration`, {
      headers: { "x-forwarded-host": "evil.example" },
    });
    const document = await (await started.issuer.fetch(request)).json();
    assertEquals(document.issuer, "https://tokens.test");
    assertEquals(document.jwks_uri, "https://tokens.test/.well-known/jwks.json");
    assert(!JSON.stringify(document).includes("evil"));
  }
});

Deno.test("threat 47: hosts that are not listed get 421", async () => {
  await using started = startIssuer({ hosts: ["tokens.test"] });
  const foreign = await started.issuer.fetch(new Request("https://evil.example/healthz"));
  assertEquals(foreign.status, 421);
  await foreign.body?.cancel();
  assertEquals((await started.get("/healthz")).status, 200);
});

Deno.test("threat 50: a path issuer serves all its routes below its path and nothing above it", async () => {
  await using started = startIssuer({ issuer: "https://host.test/some/path" });
  for (
    const url of [
      "https://host.test/some/path/.well-known/openid-configuration",
      "https://host.test/some/path/.well-known/oauth-authorization-server",
      "https://host.test/.well-known/oauth-authorization-server/some/path",
    ]
  ) {
    const document = await (await started.issuer.fetch(new Request(url))).json();
    assertEquals(document.issuer, "https://host.test/some/path");
  }
  assertEquals((await started.get("/healthz")).status, 200);
  assertEquals((await started.get("")).status, 200);
  const outside = [
    "https://host.test/",
    "https://host.test/token",
    "https://host.test/.well-known/openid-configuration",
    "https://host.test/some/path//token",
    "https://host.test/some/path/token/",
    "https://host.test/some/%70ath/token",
    "https://host.test/some/pathology",
  ];
  for (const url of outside) {
    const response = await started.issuer.fetch(new Request(url));
    assertEquals(response.status, 404, url);
    await response.body?.cancel();
  }
});

Deno.test("jwks.json has public members only, a strong ETag, caching, CORS and 304", async () => {
  await using started = startIssuer();
  const response = await started.get("/.well-known/jwks.json");
  const { keys } = await response.json();
  assertEquals(keys.length, 2);
  for (const key of keys) {
    assertEquals(Object.keys(key).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
  }
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(response.headers.get("cache-control"), "public, max-age=600");
  const etag = response.headers.get("etag")!;
  assert(/^"[0-9a-f]{32}"$/.test(etag));
  for (const known of [etag, `"x", ${etag}`, "*", `W/${etag}`]) {
    const cached = await started.get("/.well-known/jwks.json", {
      headers: { "if-none-match": known },
    });
    assertEquals(
      [cached.status, await cached.text(), cached.headers.get("etag")],
      [304, "", etag],
      known,
    );
  }
  const changed = await started.get("/.well-known/jwks.json", {
    headers: { "if-none-match": `"x"` },
  });
  assertEquals(changed.status, 200);
  await changed.body?.cancel();
});

Deno.test("every route answers HEAD like GET without a body, and 405 with Allow", async () => {
  await using started = startIssuer();
  for (
    const path of ["/", "/healthz", "/.well-known/jwks.json", "/.well-known/openid-configuration"]
  ) {
    const head = await started.get(path, { method: "HEAD" });
    const get = await started.get(path);
    assertEquals([head.status, await head.text()], [get.status, ""]);
    assertEquals(head.headers.get("content-type"), get.headers.get("content-type"));
    assertEquals(head.headers.get("etag"), get.headers.get("etag"));
    await get.body?.cancel();
    const post = await started.get(path, { method: "POST", body: "x" });
    assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
    await post.body?.cancel();
  }
  const remove = await started.get("/token", { method: "DELETE" });
  assertEquals([remove.status, remove.headers.get("allow")], [405, "GET, HEAD, POST, OPTIONS"]);
  await remove.body?.cancel();
});

Deno.test("threat 48: only discovery and JWKS allow other origins", async () => {
  await using started = startIssuer();
  for (const path of ["/", "/healthz", "/token?audience=a", "/admin/keys"]) {
    const response = await started.get(path, { headers: { origin: "https://evil.test" } });
    assertEquals(response.headers.get("access-control-allow-origin"), null, path);
    await response.body?.cancel();
  }
});

Deno.test("every answer carries the security headers", async () => {
  await using started = startIssuer();
  for (
    const path of ["/", "/healthz", "/token", "/admin/keys", "/nothing", "/.well-known/jwks.json"]
  ) {
    const response = await started.get(path);
    assertEquals(response.headers.get("x-content-type-options"), "nosniff", path);
    assertEquals(response.headers.get("referrer-policy"), "no-referrer");
    assertEquals(response.headers.get("strict-transport-security"), "max-age=31536000");
    assertStringIncludes(
      response.headers.get("content-security-policy")!,
      "frame-ancestors 'none'",
    );
    await response.body?.cancel();
  }
});

Deno.test("a token is kept by no cache, taken for nothing else and sent over TLS only", async () => {
  await using started = startIssuer();
  const credential = await started.register();
  const response = await started.get("/token?audience=https://api.example", {
    headers: { authorization: `Bearer ${credential}` },
  });
  assertEquals(response.status, 200);
  const names = ["content-type", "cache-control", "x-content-type-options"];
  assertEquals(
    [...names, "strict-transport-security"].map((name) => response.headers.get(name)),
    ["application/json", "no-store", "nosniff", "max-age=31536000"],
  );
  await response.body?.cancel();
});

Deno.test("threat 49: errors are never cached", async () => {
  await using started = startIssuer();
  for (const path of ["/nothing", "/token", "/admin/keys", "/healthz"]) {
    const response = await started.get(path);
    assertEquals(response.headers.get("cache-control"), "no-store", path);
    await response.body?.cancel();
  }
});

Deno.test("the status page shows the keys and escapes what it shows", async () => {
  await using started = startIssuer();
  const page = await (await started.get("/")).text();
  const { keys } = await (await started.get("/.well-known/jwks.json")).json();
  for (const { kid } of keys) assertStringIncludes(page, kid);
  assertStringIncludes(page, '<html lang="en">');
});

Deno.test("arbitrary requests give no 5xx at any route", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const path = fc.oneof(
    fc.constantFrom(
      "/",
      "/token",
      "/admin/workloads",
      "/admin/keys/rotate",
      "/healthz",
      "/.well-known/jwks.json",
    ),
    fc.webPath(),
  );
  const init = fc.record({
    method: fc.constantFrom("GET", "POST", "PATCH", "DELETE", "OPTIONS"),
    type: fc.constantFrom(
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain",
      "",
    ),
    body: fc.uint8Array({ maxLength: 200 }),
    query: fc.webQueryParameters(),
    known: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(path, init, async (path, { method, type, body, query, known }) => {
      const headers = { "content-type": type, ...(known && { authorization: `Bearer ${secret}` }) };
      const payload = method === "GET" ? undefined : body.slice();
      const response = await started.get(`${path}?${query}`, { method, headers, body: payload });
      assert(response.status < 500, `${method} ${path}: ${response.status}`);
      await response.body?.cancel();
    }),
    { numRuns: 300 },
  );
});

Deno.test("createIssuer shows certificates in the JWKS of issuer and tenants when told, and only of RSA keys", async () => {
  const profiles = [{ name: "mesh", audiences: ["mesh"], alg: "ES256" as const }];
  for (const x5c of [true, undefined]) {
    await using started = startIssuer({ x5c, profiles, tenants: { acme: {} } });
    for (const place of ["", "/acme"]) {
      const { keys } = await (await started.get(`${place}/.well-known/jwks.json`)).json();
      for (const jwk of keys) {
        const { kty, kid, use, alg, n, e, crv, x, y, x5c: shown, ...rest } = jwk;
        assertEquals(shown !== undefined, x5c === true && kty === "RSA", JSON.stringify(jwk));
        assertEquals([rest, kid !== undefined, use, alg !== undefined], [{}, true, "sig", true]);
        assertEquals(kty === "RSA" ? [n, e].length : [crv, x, y].length, kty === "RSA" ? 2 : 3);
      }
    }
  }
});
