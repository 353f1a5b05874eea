import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { kvConnect } from "../_support/kv_connect.ts";
import { audience, dumpKv, runToEnd, soundEnv, startMain, tempFolder } from "./_support.ts";

const otherKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/** Fills the KV file with keys and a workload, and answers the request token. */
async function fill(folder: string): Promise<string> {
  await using main = await startMain({ folder });
  const requestToken = await main.register();
  await main.mint(requestToken);
  main.interrupt();
  assertEquals(await main.ended, 0);
  return requestToken;
}

Deno.test("issuer/main.ts with a wrong key-encryption key says so, ends with 1 and leaves the keyset alone", async () => {
  await using folder = await tempFolder();
  await fill(folder.path);
  const before = await dumpKv(folder.path);
  const env = { SIGNET_KEY_ENCRYPTION_KEY: otherKey };
  const { code, stderr } = await runToEnd({ folder: folder.path, env });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "key-encryption key");
  assert(!stderr.includes("    at ") && !stderr.includes(otherKey), stderr);
  assertEquals(await dumpKv(folder.path), before);

  const both = { SIGNET_KEY_ENCRYPTION_KEY: `${otherKey},${soundEnv.SIGNET_KEY_ENCRYPTION_KEY}` };
  await using main = await startMain({ folder: folder.path, env: both });
  assertEquals((await main.jwks()).keys.length, 2);
});

Deno.test("issuer/main.ts refuses an https issuer without a key-encryption key, before it opens the KV", async () => {
  await using folder = await tempFolder();
  const env = { SIGNET_KEY_ENCRYPTION_KEY: undefined };
  const { code, stderr } = await runToEnd({ folder: folder.path, env });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "SIGNET_KEY_ENCRYPTION_KEY is missing");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("issuer/main.ts reports every configuration fault together, before it opens the KV", async () => {
  await using folder = await tempFolder();
  const env = {
    SIGNET_ISSUER: "https://Tokens.test/",
    SIGNET_ADMIN_TOKEN: "too-short",
    SIGNET_KEY_ENCRYPTION_KEY: "c2hvcnQ",
    SIGNET_CONFIG: "no-such-file.json",
    SIGNET_RATE_LIMIT: "fast",
    SIGNET_INITIALIZED: "yes",
    PORT: "http",
  };
  const { code, stderr } = await runToEnd({ folder: folder.path, env });
  assertEquals(code, 1);
  for (const name of Object.keys(env)) assertStringIncludes(stderr, name);
  assert(!stderr.includes("c2hvcnQ") && !stderr.includes("too-short"), stderr);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("issuer/main.ts names SIGNET_KV that cannot be opened, and PORT that is taken", async () => {
  await using folder = await tempFolder();
  const kv = { SIGNET_KV: `${folder.path}/missing/keys.kv` };
  const closed = await runToEnd({ folder: folder.path, env: kv });
  assertEquals(closed.code, 1);
  assertStringIncludes(closed.stderr, "SIGNET_KV cannot be opened");
  await using other = Deno.serve({ port: 0, onListen() {} }, () => new Response());
  const port = { PORT: String(other.addr.port) };
  const taken = await runToEnd({ folder: folder.path, env: port });
  assertEquals(taken.code, 1);
  assertStringIncludes(taken.stderr, `PORT ${port.PORT} is taken`);
  assert(!`${closed.stderr}${taken.stderr}`.includes("    at "), taken.stderr);
});

Deno.test("threat 33: issuer/main.ts on a preview timeline of Deploy answers 503 and never mints", async () => {
  await using folder = await tempFolder();
  const requestToken = await fill(folder.path);
  const before = await dumpKv(folder.path);
  const env = { DENO_DEPLOY: "true", DENO_TIMELINE: "preview/rh2r15rgy802" };
  const preview = await startMain({ folder: folder.path, env });
  const headers = { authorization: `Bearer ${requestToken}` };
  const form = new URLSearchParams({ grant_type: "client_credentials", audience });
  const answers = await Promise.all([
    preview.get(`/token?audience=${audience}`, { headers }),
    preview.get("/token", { method: "POST", headers, body: form }),
    ...["/.well-known/openid-configuration", "/.well-known/jwks.json", "/admin/keys", "/healthz"]
      .map((path) => preview.get(path)),
  ]);
  for (const answer of answers) {
    assertEquals([answer.status, await answer.json()], [503, {
      status: "error",
      reason: "not_configured",
    }]);
    assert(answer.headers.get("retry-after"));
  }
  preview.interrupt();
  assertEquals(await preview.ended, 0);
  assertStringIncludes(preview.log.text, "preview/rh2r15rgy802");
  assertEquals(await dumpKv(folder.path), before);

  const production = { ...env, DENO_TIMELINE: "production" };
  await using main = await startMain({ folder: folder.path, env: production });
  await main.mint(requestToken);
});

Deno.test("hazard 2.10: issuer/main.ts answers 503 while the KV server accepts and is silent", async () => {
  await using folder = await tempFolder();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = {
    SIGNET_KV: `http://127.0.0.1:${silent.addr.port}`,
    DENO_KV_ACCESS_TOKEN: "tests-only-access-token",
    // Elsewhere it may end, and its supervisor starts it again.
    ...{ DENO_DEPLOY: "true", DENO_TIMELINE: "production" },
  };
  await using main = await startMain({ folder: folder.path, env });
  for (const path of ["/.well-known/jwks.json", "/healthz"]) {
    const response = await main.get(path, { signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    assertEquals([response.status, response.headers.get("retry-after")], [503, "2"]);
  }
});

Deno.test("hazard 2.10: issuer/main.ts on Deploy whose first read fails is well once the KV answers", async () => {
  await using folder = await tempFolder();
  await using server = kvConnect();
  server.faults.down = true;
  const env = {
    ...{ SIGNET_KV: server.url, DENO_KV_ACCESS_TOKEN: Deno.env.get("DENO_KV_ACCESS_TOKEN") },
    ...{ DENO_DEPLOY: "true", DENO_TIMELINE: "production" },
  };
  await using main = await startMain({ folder: folder.path, env });
  const health = async () => (await (await main.get("/healthz")).json()).reason;
  assertEquals(await health(), "kv_unavailable");
  server.faults.down = false;
  let reason = await health();
  for (let tries = 0; reason !== undefined && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    reason = await health();
  }
  assertEquals([reason, (await main.jwks()).keys.length], [undefined, 2]);
});
