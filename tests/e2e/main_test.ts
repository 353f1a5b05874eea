import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  audience,
  connectRaw,
  dumpKv,
  issuerUrl,
  type MainProcess,
  startMain,
  tempFolder,
  verify,
} from "./_support.ts";

/** Seconds after which Deno Deploy kills what it has told to end. */
const deployKillsAfterMs = 5_000;

const sub = "deployment:acme/web/production";

Deno.test("issuer/main.ts mints, and on SIGINT finishes what runs before it ends with 0", async () => {
  await using folder = await tempFolder();
  await using main = await startMain({ folder: folder.path });
  const discovery = await (await main.get("/.well-known/openid-configuration")).json();
  assertEquals(discovery.issuer, issuerUrl);
  const requestToken = await main.register();
  const jwks = await main.jwks();
  assertEquals(await verify(await main.mint(requestToken), jwks), sub);

  using connection = await connectRaw(main.port);
  const form = `grant_type=client_credentials&audience=${encodeURIComponent(audience)}`;
  await connection.send(postHead(requestToken, form.length));
  // The server says so when the handler asks for the body: from here on the request runs.
  await connection.receive(/100 Continue/);
  main.interrupt();
  assertEquals(await turnsAway(main), "2");
  await connection.send(form);
  const answer = await connection.receive();
  assertStringIncludes(answer, "HTTP/1.1 200 OK");
  const { access_token } = JSON.parse(answer.slice(answer.lastIndexOf("\r\n\r\n")));
  assertEquals(await verify(access_token, jwks), sub);
  assertEquals(await main.ended, 0, main.log.text);
  assert(!main.log.text.includes(access_token) && !main.log.text.includes(requestToken));
});

Deno.test("issuer/main.ts under deno serve mints, and on SIGINT ends with 0", async () => {
  await using folder = await tempFolder();
  await using main = await startMain({ folder: folder.path, command: "serve" });
  const requestToken = await main.register();
  assertEquals(await verify(await main.mint(requestToken), await main.jwks()), sub);
  main.interrupt();
  assertEquals(await main.ended, 0, main.log.text);
});

Deno.test("issuer/main.ts ends with 0 before Deploy kills it, whatever request hangs", async () => {
  await using folder = await tempFolder();
  await using main = await startMain({ folder: folder.path });
  const requestToken = await main.register();
  using connection = await connectRaw(main.port);
  await connection.send(postHead(requestToken, 100));
  await connection.receive(/100 Continue/);
  const started = performance.now();
  main.interrupt();
  assertEquals(await main.ended, 0, main.log.text);
  assert(performance.now() - started < deployKillsAfterMs);
});

Deno.test("issuer/main.ts starts again on its KV file with the same keys", async () => {
  await using folder = await tempFolder();
  const first = await startMain({ folder: folder.path });
  const requestToken = await first.register();
  const [token, jwks] = [await first.mint(requestToken), await first.jwks()];
  first.interrupt();
  assertEquals(await first.ended, 0);
  const stored = await dumpKv(folder.path);
  assert(!/"d"|PRIVATE KEY/.test(stored) && !stored.includes(requestToken));

  const env = { SIGNET_INITIALIZED: "true" };
  await using second = await startMain({ folder: folder.path, env });
  assertEquals(await second.jwks(), jwks);
  await verify(token, await second.jwks());
  await verify(await second.mint(requestToken), jwks);
});

Deno.test("issuer/main.ts in six processes on one empty SQLite file has one keyset, hazard 2.5", async () => {
  await using folder = await tempFolder();
  await using stack = new AsyncDisposableStack();
  const processes = await Promise.all(
    Array.from({ length: 6 }, () => startMain({ folder: folder.path })),
  );
  for (const main of processes) stack.use(main);
  const sets = await Promise.all(processes.map((main) => main.jwks()));
  for (const set of sets) assertEquals(set, sets[0]);
  const requestToken = await processes[0]!.register();
  const tokens = await Promise.all(processes.map((main) => main.mint(requestToken)));
  for (const token of tokens) for (const set of sets) await verify(token, set);
});

/** Waits until new requests are turned away; answers for how long they are told to wait. */
async function turnsAway(main: MainProcess): Promise<string | null> {
  while (true) {
    const response = await main.get("/healthz");
    await response.body?.cancel();
    if (response.status === 503) return response.headers.get("retry-after");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function postHead(requestToken: string, length: number): string {
  return [
    "POST /id/token HTTP/1.1",
    "Host: tokens.acme.test",
    `Authorization: Bearer ${requestToken}`,
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${length}`,
    "Expect: 100-continue",
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}
