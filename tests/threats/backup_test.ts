/** A backup of the KV from before an emergency, put back. */
import { assert, assertEquals } from "@std/assert";
import { readConfig } from "../../issuer/config.ts";
import { generateKey } from "../../keys/generate_key.ts";
import type { Kv, KvKey } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";

/** Puts every entry of one KV into another that is empty then. */
async function restore(from: Kv, to: Kv): Promise<void> {
  for await (const { key } of to.list({ prefix: [] })) {
    await to.atomic().delete(key as KvKey).commit();
  }
  for await (const { key, value } of from.list({ prefix: [] })) {
    await to.atomic().set(key as KvKey, value).commit();
  }
}

async function copyOf(kv: Kv): Promise<Kv> {
  const copy = memoryKv();
  await restore(kv, copy);
  return copy;
}

/** The configuration file that the emergency's last step writes, read as at a start. */
function configured(minimumEpochs: Record<string, number>) {
  const env: Record<string, string> = {
    SIGNET_ISSUER: "https://tokens.test",
    SIGNET_CONFIG: "signet.json",
    SIGNET_KEY_ENCRYPTION_KEY: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k",
  };
  const readFile = () => new TextEncoder().encode(JSON.stringify({ minimumEpochs }));
  const { options } = readConfig({ env: (name) => env[name], readFile });
  return { minimumEpochs: options.minimumEpochs };
}

async function jwksOf(started: StartedIssuer): Promise<{ status: number; kids: string[] }> {
  const response = await started.get("/.well-known/jwks.json");
  const { keys = [] } = await response.json();
  return { status: response.status, kids: keys.map(({ kid }: { kid: string }) => kid) };
}

Deno.test("threat 64: a compromised key does not come back with a backup, on a running isolate or a new one", async () => {
  const kv = memoryKv();
  await using running = startIssuer({ kv });
  const secret = await running.register();
  const ask = (started: StartedIssuer) =>
    started.token(secret, { audience: "https://api.acme.test" });
  await (await ask(running)).body?.cancel();
  const { keys: [bad] } = await (await running.admin("GET", "keys")).json();
  const backup = await copyOf(kv);
  const rotated = await running.admin("POST", "keys/rotate", { emergency: true });
  const { epochs } = await rotated.json();

  // Put back below the isolate that runs: it remembers the epoch.
  await restore(backup, kv);
  running.clock.now += 61_000;
  const answer = await ask(running);
  const { kids } = await jwksOf(running);
  assert(!kids.includes(bad.kid), "the running isolate shows the compromised key again");
  if (answer.ok) {
    const [head] = (await answer.json()).value.split(".");
    assert(JSON.parse(atob(head)).kid !== bad.kid, "and signs with it");
  } else assertEquals(answer.status, 503);

  // Without the epoch in the configuration a new isolate cannot know: that is why it is written down.
  await using unaware = startIssuer({ ...configured({ RS256: 1 }), kv: await copyOf(backup) });
  assert((await jwksOf(unaware)).kids.includes(bad.kid));

  await using aware = startIssuer({ ...configured(epochs), kv: await copyOf(backup) });
  const shown = await jwksOf(aware);
  assertEquals([shown.status, shown.kids], [503, []]);
  const refused = await ask(aware);
  assertEquals(refused.status, 503);
  await refused.body?.cancel();
  const health = await (await aware.get("/healthz")).json();
  assertEquals(health.reason, "keyset_epoch_regressed");
  // A later backup, of after the emergency, is taken.
  const options = { ...configured({ RS256: 1 }), kv: await copyOf(backup) };
  // With keys of its own: those that tests share would be made a second time.
  await using later = startIssuer(options, { generateKey });
  await (await later.admin("POST", "keys/rotate", { emergency: true })).body?.cancel();
  await using after = startIssuer({ ...configured(epochs), kv: await copyOf(later.kv) });
  const good = await jwksOf(after);
  assertEquals([good.status, good.kids.includes(bad.kid)], [200, false]);
});
