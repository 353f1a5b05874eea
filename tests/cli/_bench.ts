import { createIssuer, memoryKv } from "../../issuer/mod.ts";
import type { Kv, KvKey } from "../../kv/kv.ts";
import { type CliResult, run, type RunOptions } from "./_support.ts";

const url = "https://issuer.test";
const adminToken = "admin-token-of-the-tests-0123456789";

/** A real issuer in memory, and a {@linkcode run} that talks to it. */
export interface TestBench extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** Moves the clock of issuer and command line. */
  advance(ms: number): void;
  run(args: readonly string[], options?: RunOptions): Promise<CliResult>;
  /** Registers workload `web` and gives back a request token of it. */
  addWeb(audiences?: readonly string[]): Promise<string>;
}

const start = Date.UTC(2026, 10, 22, 12);
const keyEncryptionKeys = [crypto.getRandomValues(new Uint8Array(32))];

async function makeKeys(): Promise<Kv> {
  const kv = memoryKv();
  const options = { issuer: url, kv, adminToken, keyEncryptionKeys, now: () => start };
  await using issuer = createIssuer(options);
  await issuer.start();
  return kv;
}

async function copyKv(source: Kv): Promise<Kv> {
  const copy = memoryKv();
  for await (const entry of source.list({ prefix: [] })) {
    await copy.atomic().set(entry.key as KvKey, entry.value).commit();
  }
  return copy;
}

/** Keys made once, before the tests: making RSA keys takes longer than most tests. */
const firstKeys = await makeKeys();

/** Starts a {@linkcode TestBench}. */
export async function createBench(): Promise<TestBench> {
  let time = start;
  const now = () => time;
  const kv = await copyKv(firstKeys);
  const issuer = createIssuer({ issuer: url, kv, adminToken, keyEncryptionKeys, now });
  const serve: typeof fetch = (input, init) => issuer.fetch(new Request(input, init));
  const env = { SIGNET_ISSUER: url, SIGNET_ADMIN_TOKEN: adminToken };
  const bench: TestBench = {
    env,
    fetch: serve,
    advance: (ms) => time += ms,
    run: (args, options = {}) =>
      run(args, { fetch: serve, now, ...options, env: { ...env, ...options.env } }),
    addWeb: async (audiences = ["*"]) => {
      const names = ["--org", "acme", "--app", "web", "--context", "production"];
      const allowed = audiences.flatMap((audience) => ["--audience", audience]);
      await bench.run(["workload", "add", "web", ...names, ...allowed]);
      bench.advance(1000);
      return (await bench.run(["credential", "add", "web"])).stdout.trim();
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
  return bench;
}
