/** A Signet issuer on a KV file, as `issuer/main.ts` makes it. Argument: `{url, kv, configured}` as JSON. */
import { createIssuer } from "../../../issuer/create_issuer.ts";
import { makeWorkloads } from "../workloads.ts";

const { url, kv, configured = 1 } = JSON.parse(Deno.args[0]!);
const issuer = createIssuer({
  issuer: url,
  kv: await Deno.openKv(kv),
  keyEncryptionKeys: [new Uint8Array(32).fill(7)],
  workloads: makeWorkloads(url, configured).records,
  rateLimit: 6_000,
});
await issuer.start();
Deno.serve({
  port: Number(new URL(url).port),
  hostname: "127.0.0.1",
  onListen: () => console.log(JSON.stringify({ url })),
}, issuer.handle);
