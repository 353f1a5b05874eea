/** A Signet issuer in a process of its own. Argument: {@linkcode IssuerSetup} as JSON. */
import { createIssuerWith, type Issuer } from "../../../issuer/create_issuer.ts";
import { createSigners } from "../../../keys/create_signers.ts";
import { memoryKv } from "../../../kv/memory_kv.ts";
import { makeWorkloads } from "../workloads.ts";
import { noSigners } from "./no_signers.ts";

/** What the program is told. */
export interface IssuerSetup {
  readonly workloads?: number;
  readonly tenants?: number;
  /** Signs nothing: every signature is the same 64 bytes. */
  readonly unsigned?: boolean;
}

/** What the program says first. */
export interface IssuerHello {
  readonly url: string;
  /** A request token of each workload. */
  readonly tokens: readonly string[];
}

const { workloads: count = 1000, tenants = 0, unsigned = false }: IssuerSetup = JSON.parse(
  Deno.args[0] ?? "{}",
);
const handler: { handle?: Issuer["handle"] } = {};
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  (request, info) => handler.handle!(request, info),
);
const url = `http://127.0.0.1:${server.addr.port}`;
const { records, tokens } = makeWorkloads(url, count);
const names = Array.from({ length: tenants }, (_, index) => `tenant-${index}`);
const signers = unsigned ? noSigners() : createSigners();
const issuer = createIssuerWith({
  issuer: url,
  kv: memoryKv(),
  workloads: records,
  // Counted as in production, out of reach of the load.
  rateLimit: 9_999_999,
  profiles: [
    { name: "es256", audiences: ["https://es256.example"], alg: "ES256" },
    { name: "eddsa", audiences: ["https://eddsa.example"], alg: "EdDSA" },
  ],
  tenants: Object.fromEntries(names.map((name) => [name, {}])),
}, { signers });
await issuer.start();
handler.handle = issuer.handle;
console.log(JSON.stringify({ url, tokens } satisfies IssuerHello));
