/**
 * What workloads take in an isolate: each has asked for a token once, within its limits. Argument:
 * their number. Says `{bytes}` of the heap after a collection; needs `--v8-flags=--expose-gc`.
 */
import { createIssuerWith } from "../../../issuer/create_issuer.ts";
import { memoryKv } from "../../../kv/memory_kv.ts";
import { makeWorkloads } from "../workloads.ts";
import { noSigners } from "./no_signers.ts";

const url = "http://127.0.0.1:8000";
const { gc } = globalThis as unknown as { gc(): void };
const made = makeWorkloads(url, Number(Deno.args[0]));
const issuer = createIssuerWith(
  { issuer: url, kv: memoryKv(), workloads: made.records, rateLimit: 9_999_999 },
  { signers: noSigners() },
);
for (let token = made.tokens.pop(); token !== undefined; token = made.tokens.pop()) {
  const headers = { authorization: `Bearer ${token}` };
  const request = new Request(`${url}/token?audience=https://api.example`, { headers });
  const response = await issuer.fetch(request);
  if (!response.ok) throw new Error(`Cannot measure: ${await response.text()}`);
  await response.body?.cancel();
}
gc();
console.log(JSON.stringify({ bytes: Deno.memoryUsage().heapUsed }));
// Kept alive until here, with all that it remembers.
await issuer[Symbol.asyncDispose]();
Deno.exit(0);
