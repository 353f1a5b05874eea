import type { Load, LoadRequest, LoadResult } from "./load.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Sends over plain sockets: several times cheaper than `fetch`, so that the server is what is measured. */
export async function loadWithSockets(options: Load): Promise<LoadResult & { failures: number }> {
  const { hostname, port } = new URL(options.url);
  const messages = options.requests.map((request) => messageOf(request, `${hostname}:${port}`));
  const { status = 200 } = options;
  const times: number[] = [];
  let failures = 0, turn = 0;
  const start = performance.now(), end = start + options.seconds * 1000;

  async function drive(): Promise<void> {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay(true);
    const buffer = new Uint8Array(65_536);
    for (let now = performance.now(); now < end;) {
      await writeAll(connection, messages[turn++ % messages.length]!);
      if (await readAnswer(connection, buffer) !== status) failures++;
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  }

  await Promise.all(Array.from({ length: options.connections }, drive));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const percentile = (part: number) => times[Math.floor(part * (times.length - 1))]!;
  return {
    perSecond: times.length / seconds,
    p50: percentile(0.5),
    p99: percentile(0.99),
    failures,
  };
}

function messageOf(request: LoadRequest, host: string): Uint8Array {
  const { method = "GET", path, headers = {}, body } = request;
  const all = {
    host,
    ...headers,
    ...(body === undefined ? {} : { "content-length": String(body.length) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return encoder.encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
}

async function writeAll(connection: Deno.Conn, message: Uint8Array): Promise<void> {
  let sent = 0;
  while (sent < message.length) sent += await connection.write(message.subarray(sent));
}

/** Reads one answer and gives its status. */
async function readAnswer(connection: Deno.Conn, buffer: Uint8Array): Promise<number> {
  let length = 0, wanted = Infinity, status = 0;
  while (length < wanted) {
    const read = await connection.read(buffer.subarray(length));
    if (read === null) throw new Error("Cannot go on: the server closed a connection");
    length += read;
    if (wanted !== Infinity) continue;
    const text = decoder.decode(buffer.subarray(0, length));
    const body = text.indexOf("\r\n\r\n");
    if (body < 0) continue;
    status = Number(text.slice(9, 12));
    const announced = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, body))?.[1];
    wanted = body + 4 + Number(announced ?? 0);
  }
  return status;
}
