import { program, startChild } from "./child.ts";

/** Milliseconds from the start of a server's process to its first token. */
export async function firstToken(
  name: string,
  { args, bearer }: { args: readonly string[]; bearer: string },
): Promise<number> {
  const begin = performance.now();
  await using child = await startChild<{ url: string }>(program(name), { args });
  const response = await fetch(`${child.hello.url}/token?audience=https://api.example`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  if (!response.ok) throw new Error(`Cannot measure ${name}: ${await response.text()}`);
  await response.body?.cancel();
  return performance.now() - begin;
}

/** A port that nobody listens on just now. */
export function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}
