import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createTestIssuer } from "../../testing/mod.ts";
import { deno, readFile, readTask } from "./_support.ts";

Deno.test("deno task demo shows the main job and ends with 0, with exactly the rights it names", async () => {
  const task = await readTask("demo");
  assertMatch(task, /^deno run .*--allow-net=127\.0\.0\.1 /);
  assert(!/ -A |--allow-all| --allow-(net|read|write|env|run) /.test(task), task);
  const { code, stdout, stderr } = await deno(["task", "--quiet", "demo"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, 'getIdToken("sts.amazonaws.com")');
  assertMatch(stdout, /\n {3}sub {8}deployment:acme\/web\/production\n/);
  assertMatch(stdout, /\n {3}verified {2}/);
  assertMatch(stdout, /\n {3}refused {2}signature/);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
});

Deno.test("signet demo runs the same demo", async () => {
  const { code, stdout } = await deno(["run", "-A", "cli/main.ts", "demo"]);
  assertEquals(code, 0);
  assertMatch(stdout, /\n {3}verified {2}/);
});

Deno.test("examples/get_id_token.ts prints a token with two permissions", async () => {
  await using issuer = await createTestIssuer({ url: await freeUrl() });
  await using _server = serve(issuer.url, issuer.fetch);
  const net = new URL(issuer.url).host;
  const names = "--allow-env=SIGNET_ISSUER,SIGNET_REQUEST_TOKEN";
  const file = "examples/get_id_token.ts";
  const args = ["run", "--no-prompt", `--allow-net=${net}`, names, file, "vault"];
  const { code, stdout, stderr } = await deno(args, { env: { ...issuer.env } });
  assertEquals(code, 0, stderr);
  assertMatch(stdout.trim(), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  const lines = (await readFile(file)).trimEnd().split("\n");
  assert(lines.length <= 10);
});

Deno.test("examples/verify_id_token.ts lets in one workload alone", async () => {
  const file = new URL("../../examples/verify_id_token.ts", import.meta.url).href;
  const url = await freeUrl();
  Deno.env.set("SIGNET_ISSUER", url);
  const { handle } = await import(file);
  Deno.env.delete("SIGNET_ISSUER");
  const local = { org: "local", app: "dev", context: "development" };
  await using issuer = await createTestIssuer({ url, ...local });
  await using _server = serve(url, issuer.fetch);
  const ask = async (token: string): Promise<Response> =>
    await handle(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
  const own = await ask(await issuer.getIdToken("https://api.example.com"));
  assertEquals(await own.text(), "hello deployment:local/dev/development");
  assertEquals((await ask(await issuer.getIdToken("https://other.example.com"))).status, 401);
  assertEquals((await ask("")).status, 401);
});

Deno.test("examples/embedded_issuer.ts serves an issuer beside its own pages", async () => {
  const port = new URL(await freeUrl()).port;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--allow-env=PORT,KV_PATH,SIGNET_ADMIN_TOKEN"]
      .concat(["--allow-net", "--allow-read=keys", "examples/embedded_issuer.ts"]),
    cwd: new URL("../../", import.meta.url),
    env: { PORT: port, NO_COLOR: "1" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const base = `http://localhost:${port}`;
    const discovery = await fetchUntilUp(`${base}/id/.well-known/openid-configuration`);
    assertEquals((await discovery.json()).issuer, `${base}/id`);
    assertEquals(await (await fetch(`${base}/identity`)).text(), "your own pages");
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
});

async function fetchUntilUp(url: string): Promise<Response> {
  for (let tries = 1;; tries++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

Deno.test("examples/testing_your_app_test.ts passes", async () => {
  const { code, stdout } = await deno([
    "test",
    "-A",
    "--no-lock",
    "examples/testing_your_app_test.ts",
  ]);
  assertEquals(code, 0, stdout);
});

async function freeUrl(): Promise<string> {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    return new Response();
  });
  return `http://127.0.0.1:${server.addr.port}`;
}

function serve(url: string, fetch: typeof globalThis.fetch): AsyncDisposable {
  const { hostname, port } = new URL(url);
  return Deno.serve(
    { hostname, port: Number(port), onListen: () => {} },
    ({ url: asked, headers }) => {
      const { pathname, search } = new URL(asked);
      return fetch(url + pathname + search, { headers });
    },
  );
}
