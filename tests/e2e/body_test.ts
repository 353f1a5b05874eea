import { assert, assertStringIncludes } from "@std/assert";
import { audience, connectRaw, type MainProcess, startMain, tempFolder } from "./_support.ts";

const form = `grant_type=client_credentials&audience=${encodeURIComponent(audience)}`;

/** Sends a request head and what follows; gives what is answered. */
async function send(
  main: MainProcess,
  { head, body = [] }: { head: readonly string[]; body?: Iterable<string | Uint8Array> },
): Promise<string> {
  using connection = await connectRaw(main.port);
  const first = ["POST /id/token HTTP/1.1", "Host: tokens.acme.test", "Connection: close"];
  const type = "Content-Type: application/x-www-form-urlencoded";
  await connection.send([...first, type, ...head, "", ""].join("\r\n"));
  // An answer given before the whole body came does not end the connection.
  const answer = connection.receive(/\}$/);
  try {
    for (const part of body) await connection.send(part);
  } catch {
    // The server has answered and closed before everything was sent.
  }
  return await answer;
}

/** A body in chunks of 64 KiB (RFC 9112 §7.1). */
function* megabytes(count: number): Generator<Uint8Array> {
  const part = new TextEncoder().encode(`10000\r\n${"x".repeat(65_536)}\r\n`);
  for (let sent = 0; sent < count * 16; sent++) yield part;
}

Deno.test("threat 46: issuer/main.ts bounds a body in size and time, and takes no two lengths", async () => {
  await using folder = await tempFolder();
  await using main = await startMain({ folder: folder.path });
  const authorization = `Authorization: Bearer ${await main.register()}`;
  const started = performance.now();
  const slow = send(main, { head: [authorization, "Content-Length: 100"], body: ["g"] })
    .then((answer) => ({ answer, after: performance.now() - started }));

  const announced = await send(main, { head: [authorization, "Content-Length: 41943040"] });
  assertStringIncludes(announced, "HTTP/1.1 400");
  assertStringIncludes(announced, "more than 65536 bytes");

  const head = [authorization, "Transfer-Encoding: chunked"];
  const flooded = await send(main, { head, body: megabytes(40) });
  // Deno 2.5 may cut the connection before the answer is read.
  assert(flooded === "" || flooded.startsWith("HTTP/1.1 400"), flooded);

  const two = ["Content-Length: 5", `Content-Length: ${form.length}`];
  assertStringIncludes(await send(main, { head: [authorization, ...two], body: [form] }), " 400 ");

  const short = ["Content-Length: 20"];
  const cut = await send(main, { head: [authorization, ...short], body: [form] });
  assertStringIncludes(cut, "HTTP/1.1 400");
  assert(!cut.includes("access_token"));

  const { answer, after } = await slow;
  assertStringIncludes(answer, "HTTP/1.1 400");
  assertStringIncludes(answer, "came too slowly");
  assert(after >= 5_000, "the deadline came before its time");

  const sound = await send(main, {
    head: [authorization, `Content-Length: ${form.length}`],
    body: [form],
  });
  assertStringIncludes(sound, "access_token");
});
