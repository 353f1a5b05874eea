// An issuer in a process of its own. It takes requests as lines of JSON and answers in lines of
// JSON; its clock can be set forward, which issuer/main.ts does not offer.
import { TextLineStream } from "../_support/text_lines.ts";
import { createIssuer } from "../../issuer/create_issuer.ts";
import { adminToken } from "../_support/start_issuer.ts";
import type { Command } from "./isolate_process.ts";

const [path = "", issuerUrl = ""] = Deno.args;
let offset = 0;
const events: unknown[] = [];
using kv = await Deno.openKv(path);
await using issuer = createIssuer({
  issuer: issuerUrl,
  kv,
  adminToken,
  keyEncryptionKeys: [new Uint8Array(32).fill(7)],
  profiles: [{ name: "quick", audiences: ["https://quick.test"], alg: "EdDSA" }],
  now: () => Date.now() + offset,
  onEvent: (event) => events.push(event),
});

async function carryOut(command: Command): Promise<Record<string, unknown>> {
  if (command.offset !== undefined) offset = command.offset;
  if (command.maintain) await issuer.maintain();
  if (command.path === undefined) return { status: 200, body: "" };
  const { method, headers, body } = command;
  const request = new Request(issuerUrl + command.path, { method, headers, body });
  const response = await issuer.fetch(request);
  return { status: response.status, body: await response.text() };
}

console.log("ready");
const running = new Set<Promise<void>>();
for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
  const command: Command = JSON.parse(line);
  const work = carryOut(command)
    .catch((error) => ({ status: 0, body: String(error) }))
    .then((answer) => console.log(JSON.stringify({ id: command.id, ...answer })));
  running.add(work);
  work.finally(() => running.delete(work));
}
await Promise.all(running);
