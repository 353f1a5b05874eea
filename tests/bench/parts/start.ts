import { exportJWK, generateKeyPair } from "jose";
import { firstToken, freePort } from "../first_token.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";
import { makeWorkloads } from "../workloads.ts";

/** From the start of the process to its first token, keys being in the KV already. */
export const start: Part = {
  name: "start",
  async run({ rounds }) {
    const folder = await Deno.makeTempDir();
    try {
      const joseKv = await prepareJose(`${folder}/jose.kv`);
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const { records: workloads, tokens } = makeWorkloads(url, 1);
      const args = [JSON.stringify({ url, kv: `${folder}/signet.kv`, workloads })];
      const ours = () => firstToken("servers/stored_issuer.ts", { args, bearer: tokens[0]! });
      const values = await interleave({
        ours,
        jose: () => firstToken("servers/jose_issuer.ts", { args: [joseKv], bearer: "secret" }),
      }, { rounds: rounds * 3 });
      return [row({
        ...{ what: "process start to first token, RS256", unit: "ms", ours: values.ours },
        ...{ against: "bare Deno.serve + KV + jose", limit: values.jose, goal: { atMost: 1.2 } },
      })];
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

async function prepareJose(path: string): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey)));
  const iv = new Uint8Array(12);
  const usage = ["encrypt" as const];
  const sealing = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, usage);
  using kv = await Deno.openKv(path);
  await kv.set(["key"], {
    iv,
    sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, sealing, jwk),
  });
  return path;
}
