import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createIssuer, memoryKv } from "../../issuer/mod.ts";
import { parseConfigFile } from "../../issuer/config_file.ts";
import type { Fault } from "../../issuer/errors.ts";
import { createBench } from "./_bench.ts";
import { run } from "./_support.ts";

const format = /^signet_rt_[\w-]{8}_web_[\w-]{43}$/;

Deno.test("credential add prints the secret alone on stdout, and never on stderr", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const { code, stdout, stderr } = await bench.run(["credential", "add", "web"]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout.trim(), format);
  assert(!stderr.includes("signet_rt_"));
  assertStringIncludes(stderr, "90 d");
});

Deno.test("credential add --env prints lines for a .env file", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const { stdout } = await bench.run(["credential", "add", "web", "--env"]);
  const [issuer, token] = stdout.trim().split("\n");
  assertEquals(issuer, "SIGNET_ISSUER=https://issuer.test");
  assertMatch(token!.replace("SIGNET_REQUEST_TOKEN=", ""), format);
});

Deno.test("credential add narrows the token to an audience and a lifetime", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const { stdout } = await bench.run([
    ...["credential", "add", "web", "--audience", "vault", "--expires-in", "1h"],
  ]);
  const env = { SIGNET_REQUEST_TOKEN: stdout.trim() };
  assertEquals((await bench.run(["token", "--audience", "vault"], { env })).code, 0);
  assertEquals((await bench.run(["token", "--audience", "kubernetes"], { env })).code, 1);
  bench.advance(3_601_000);
  assertEquals((await bench.run(["token", "--audience", "vault"], { env })).code, 4);
});

Deno.test("credential add --public-key registers a key and prints no secret", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
  ]) as CryptoKeyPair;
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const { code, stdout, stderr } = await bench.run(
    ["credential", "add", "web", "--public-key", "key.json"],
    { texts: { "key.json": JSON.stringify({ kty, crv, x, y }) } },
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "does not expire");
});

Deno.test("credential list shows no secret, and revoke makes the token useless", async () => {
  await using bench = await createBench();
  const secret = await bench.addWeb();
  const { stdout } = await bench.run(["credential", "list", "web"]);
  assertStringIncludes(stdout, "request token");
  assert(!stdout.includes(secret.slice(-20)));
  const { credentials } = JSON.parse(
    (await bench.run(["credential", "list", "web", "--json"])).stdout,
  );
  const revoked = await bench.run(["credential", "revoke", "web", credentials[0].id, "--yes"]);
  assertEquals(revoked.code, 0, revoked.stderr);
  const env = { SIGNET_REQUEST_TOKEN: secret };
  assertEquals((await bench.run(["token", "--audience", "vault"], { env })).code, 4);
});

Deno.test("credential add --offline makes a token that an issuer with that configuration accepts", async () => {
  const url = "https://issuer.test";
  const offline = await run(
    ["credential", "add", "web", "--offline", "--issuer", url, "--json", "--audience", "vault"],
  );
  assertEquals(offline.code, 0, offline.stderr);
  const { secret, credential } = JSON.parse(offline.stdout);
  assertMatch(secret, format);
  assert(!JSON.stringify(credential).includes(secret.slice(-43)));

  const workload = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
  const text = JSON.stringify({ workloads: [{ ...workload, credentials: [credential] }] });
  const faults: Fault[] = [];
  const { workloads } = parseConfigFile(new TextEncoder().encode(text), { issuer: url, faults });
  assertEquals(faults, []);
  const keyEncryptionKeys = [crypto.getRandomValues(new Uint8Array(32))];
  await using issuer = createIssuer({ issuer: url, kv: memoryKv(), keyEncryptionKeys, workloads });
  const { code, stderr } = await run(["token", "--audience", "vault"], {
    env: { SIGNET_ISSUER: url, SIGNET_REQUEST_TOKEN: secret },
    fetch: (input, init) => issuer.fetch(new Request(input, init)),
  });
  assertEquals(code, 0, stderr);
});

Deno.test("credential add --offline asks nobody and keeps the secret off stderr", async () => {
  const { code, stdout, stderr } = await run(
    ["credential", "add", "web", "--offline", "--issuer", "https://issuer.test"],
    { fetch: () => Promise.reject(new Error("asked")) },
  );
  assertEquals(code, 0);
  assertMatch(stdout.trim(), format);
  assertStringIncludes(stderr, '"sha256"');
  assert(!stderr.includes("signet_rt_"));
});
