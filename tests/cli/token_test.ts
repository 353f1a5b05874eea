import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createBench } from "./_bench.ts";
import { plainText, run } from "./_support.ts";

Deno.test("token prints the token alone, and inspect verifies it from discovery", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const { code, stdout, stderr } = await bench.run(["token", "--audience", "vault"], { env });
  assertEquals([code, stderr], [0, ""]);
  const inspected = await bench.run(["inspect", "-"], { stdin: stdout });
  assertEquals(inspected.code, 0, inspected.stderr);
  assertStringIncludes(inspected.stdout, "verified");
  assertStringIncludes(inspected.stdout, "deployment:acme/web/production");
  assertStringIncludes(inspected.stdout, "expires in");
});

Deno.test("token --json tells when the token expires", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const args = ["token", "--audience", "my-service", "--ttl", "10m", "--json"];
  const { stdout } = await bench.run(args, { env });
  assertEquals(JSON.parse(stdout).expiresAt, "2026-11-22T12:10:01.000Z");
});

Deno.test("token says what to set when nothing proves who runs it", async () => {
  const { code, stdout, stderr } = await run(["token", "--audience", "vault"], {});
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "SIGNET_ISSUER");
});

Deno.test("token refuses an empty audience as written wrongly", async () => {
  const env = { SIGNET_ISSUER: "https://id.acme.test" };
  const { code, stderr } = await run(["token", "--audience", ""], { env });
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--audience is empty");
});

Deno.test("token never prints the request token in an error", async () => {
  await using bench = await createBench();
  const secret = await bench.addWeb();
  const wrong = secret.slice(0, -4) + "AAAA";
  const env = { SIGNET_REQUEST_TOKEN: wrong };
  const { code, stdout, stderr } = await bench.run(["token", "--audience", "vault"], { env });
  assertEquals([code, stdout], [4, ""]);
  assert(!stderr.includes(wrong.slice(-43)));
});

Deno.test("inspect refuses a token whose claim was changed, with exit code 1", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const token = (await bench.run(["token", "--audience", "vault"], { env })).stdout.trim();
  const [header, claims, signature] = token.split(".") as [string, string, string];
  const changed = btoa(
    atob(claims.replaceAll("-", "+").replaceAll("_", "/")).replace("acme", "evil"),
  )
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const { code, stdout, stderr } = await bench.run(["inspect", "-"], {
    stdin: [header, changed, signature].join("."),
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "signature");
  assert(!stdout.includes("verified:"));
});

Deno.test("inspect refuses another audience than the one demanded, and says so in JSON", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const token = (await bench.run(["token", "--audience", "vault"], { env })).stdout;
  const args = ["inspect", "-", "--audience", "kubernetes", "--json"];
  const { code, stdout } = await bench.run(args, { stdin: token });
  assertEquals(code, 1);
  assertEquals(JSON.parse(stdout).code, "audience_mismatch");
});

Deno.test("inspect says that an expired token is expired", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const token = (await bench.run(["token", "--audience", "my-service"], { env })).stdout;
  bench.advance(3_600_000);
  const { code, stdout } = await bench.run(["inspect", "-"], { stdin: token });
  assertEquals(code, 1);
  assertStringIncludes(stdout, "EXPIRED 55 min ago");
});

Deno.test("inspect prints neither the token nor its signature, and fits 80 columns", async () => {
  await using bench = await createBench();
  const env = { SIGNET_REQUEST_TOKEN: await bench.addWeb() };
  const token = (await bench.run(["token", "--audience", "vault"], { env })).stdout.trim();
  const { stdout, stderr } = await bench.run(["inspect", token], { terminal: 80 });
  const signature = token.split(".")[2]!;
  assert(!(stdout + stderr).includes(signature.slice(0, 20)));
  for (const line of plainText(stdout).split("\n")) {
    assert(line.length <= 80, line);
  }
});

Deno.test("inspect --no-verify asks nobody and claims nothing", async () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const token = [part({ alg: "none" }), part({ sub: "x\x1b[31m" }), ""].join(".");
  const { code, stdout } = await run(["inspect", token, "--no-verify"], {
    fetch: () => Promise.reject(new Error("asked")),
  });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "not verified");
  assert(!stdout.includes("\x1b"));
});

Deno.test("inspect knows a request token and does not repeat it", async () => {
  const { code, stderr } = await run(["inspect", "signet_rt_12345678_web_abc"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "This is a request token");
  assert(!stderr.includes("12345678"));
});
