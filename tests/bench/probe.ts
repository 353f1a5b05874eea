/** Asks for a URL once in a while over one kept connection; latencies in ms. */
export async function probe(url: string, seconds: number): Promise<{ p50: number; p99: number }> {
  const { hostname, port, pathname, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay(true);
  const message = new TextEncoder().encode(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  const buffer = new Uint8Array(65_536);
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    await connection.write(message);
    // The answer is one segment: its first bytes come when the server has written all of it.
    await connection.read(buffer);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 3));
  } while (performance.now() < end);
  times.sort((a, b) => a - b);
  const percentile = (part: number) => times[Math.floor(part * (times.length - 1))]!;
  return { p50: percentile(0.5), p99: percentile(0.99) };
}
