/** A Signet issuer on a KV file, as `issuer/main.ts` makes it. Argument: `{url, kv, workloads}` as JSON. */
import { createIssuer } from "../../../issuer/create_issuer.ts";

const { url, kv, workloads } = JSON.parse(Deno.args[0]!);
const issuer = createIssuer({
  issuer: url,
  kv: await Deno.openKv(kv),
  keyEncryptionKeys: [new Uint8Array(32).fill(7)],
  workloads,
  rateLimit: 6_000,
});
await issuer.start();
Deno.serve({
  port: Number(new URL(url).port),
  hostname: "127.0.0.1",
  onListen: () => console.log(JSON.stringify({ url })),
}, issuer.handle);
