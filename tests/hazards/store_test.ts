import { assert, assertEquals } from "@std/assert";
import { encodeValue } from "../../kv/encode_value.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { startIssuer } from "../_support/start_issuer.ts";
import { storedValue } from "../_support/stored_value.ts";
import { faultyKv } from "../kv/faulty_kv.ts";
import { audience, statusOf } from "./_support.ts";

Deno.test("hazard 2.15: a workload that a newer release wrote is not read, not changed and never rewritten", async () => {
  const kv = memoryKv();
  let secret: string;
  {
    await using old = startIssuer({ kv });
    secret = await old.register();
  }
  const key = ["signet", "workload", "web"];
  const newer = { ...await storedValue(kv, key) as object, version: 2, added: "by version 2" };
  await kv.atomic().set(key, encodeValue(newer)).commit();
  await using issuer = startIssuer({ kv });
  assertEquals(await statusOf(issuer.token(secret, { audience })), 503);
  for (
    const [method, path, body] of [
      ["GET", "workloads/web", undefined],
      ["PATCH", "workloads/web", { maxTtlSeconds: 60 }],
      ["DELETE", "workloads/web", undefined],
      ["POST", "workloads/web/credentials", { type: "request_token" }],
    ] as const
  ) assertEquals(await statusOf(issuer.admin(method, path, body, { "if-match": "*" })), 503, path);
  assertEquals(await storedValue(kv, key), newer);
});

Deno.test("hazard 2.19: limits hold while the KV is down, and open or block nobody else", async () => {
  const { kv, faults } = faultyKv(memoryKv());
  await using issuer = startIssuer({ kv, rateLimit: 2 });
  const [web, api] = [await issuer.register(), await issuer.register({ id: "api", app: "api" })];
  const ask = (secret: string) => statusOf(issuer.token(secret, { audience }));
  assertEquals([await ask(web), await ask(api)], [200, 200]);
  faults.error = new Error("down");
  assertEquals([await ask(web), await ask(web), await ask(api)], [200, 429, 200]);
  issuer.clock.now += 30_000;
  assertEquals(await ask(web), 200);
});

Deno.test("hazard 2.19: nothing in the source counts with the KV's sum, which repeats itself", async () => {
  const root = new URL("../../", import.meta.url);
  let files = 0;
  for (const room of ["issuer", "keys", "kv"]) await look(new URL(`${room}/`, root));
  assert(files > 80);

  async function look(folder: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await look(new URL(`${name}/`, folder));
      if (!name.endsWith(".ts")) continue;
      files++;
      const text = await Deno.readTextFile(new URL(name, folder));
      assert(!/\.sum\(|KvU64/.test(text), `${name} counts in the KV`);
    }
  }
});
