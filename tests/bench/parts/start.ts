import { exportJWK, generateKeyPair } from "jose";
import { program, startChild } from "../child.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";
import { makeWorkloads } from "../workloads.ts";

const audience = "https://api.example";

/** From the start of the process to its first token, keys being in the KV already. */
export const start: Part = {
  name: "start",
  async run({ rounds }) {
    const folder = await Deno.makeTempDir();
    try {
      const joseKv = await prepareJose(`${folder}/jose.kv`);
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const { tokens } = makeWorkloads(url, 1);
      const args = [JSON.stringify({ url, kv: `${folder}/signet.kv` })];
      const ours = () => firstToken("servers/stored_issuer.ts", { args, bearer: tokens[0]! });
      const values = await interleave({
        ours,
        jose: () => firstToken("servers/jose_issuer.ts", { args: [joseKv], bearer: "secret" }),
      }, { rounds });
      return [row({
        ...{ what: "process start to first token, RS256", unit: "ms", ours: values.ours },
        ...{ against: "bare Deno.serve + KV + jose", limit: values.jose, goal: { atMost: 1.2 } },
      })];
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

async function firstToken(
  name: string,
  { args, bearer }: { args: readonly string[]; bearer: string },
): Promise<number> {
  const begin = performance.now();
  await using child = await startChild<{ url: string }>(program(name), { args });
  const response = await fetch(`${child.hello.url}/token?audience=${audience}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  if (!response.ok) throw new Error(`Cannot measure ${name}: ${await response.text()}`);
  await response.body?.cancel();
  return performance.now() - begin;
}

async function prepareJose(path: string): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  using kv = await Deno.openKv(path);
  await kv.set(["key"], await exportJWK(privateKey));
  return path;
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}
