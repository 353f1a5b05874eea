/** `kill -9` at random moments. SIGNET_TEST_CRASH=full makes 500 writes and 50 rotations of it. */
import { assert, assertEquals } from "@std/assert";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { headerOf, type IsolateProcess, isolateProcess, processIssuer } from "./isolate_process.ts";

const isFull = Deno.env.get("SIGNET_TEST_CRASH") === "full";
const goal = isFull
  ? { writes: 500, rotations: 50, kills: 40 }
  : { writes: 100, rotations: 10, kills: 8 };

/** Most milliseconds from the start of the writes to the kill. */
const longest = 120;

interface KeyList {
  readonly keys: readonly { kid: string; alg: string; state: string }[];
  readonly epochs: Record<string, number>;
}

/** All that was acknowledged: it must outlive every crash. */
class Ledger {
  readonly workloads = new Map<string, number>();
  readonly tokens: string[] = [];
  readonly epochs = new Map<string, number>();
  readonly killed = new Set<string>();
  rotations = 0;
  writes = 0;
  started = 0;
}

const definition = (id: string, maxTtlSeconds = 300) => ({
  ...{ id, org: "acme", app: id, context: "production", audiences: ["*"], maxTtlSeconds },
});

/** Creates workloads and changes them, one after the other, until the process is dead. */
async function write(process: IsolateProcess, ledger: Ledger): Promise<never> {
  while (true) {
    const id = `w-${ledger.started++}`;
    const created = await process.admin("POST", "workloads", definition(id));
    assertEquals(created.status, 201, created.body);
    ledger.workloads.set(id, 300);
    ledger.writes++;
    // Acknowledged or not, it is one of the two from here on.
    ledger.workloads.delete(id);
    const ttl = 301 + ledger.writes;
    const patched = await process.send({
      ...{ method: "PATCH", path: `/admin/workloads/${id}` },
      headers: { ...process.adminHeaders, "if-match": "*" },
      body: JSON.stringify({ maxTtlSeconds: ttl }),
    });
    assertEquals(patched.status, 200, patched.body);
    ledger.workloads.set(id, ttl);
    ledger.writes++;
  }
}

/** Rotates in an emergency, which replaces keys at once, and mints in between. */
async function rotate(
  process: IsolateProcess,
  { ledger, secret }: { ledger: Ledger; secret: string },
): Promise<never> {
  while (true) {
    const token = await process.token(secret);

    const { kid } = headerOf(token!);
    const body = { emergency: true, alg: "EdDSA" };
    const rotated = await process.admin("POST", "keys/rotate", body);
    assertEquals(rotated.status, 200, rotated.body);
    const { epochs }: KeyList = JSON.parse(rotated.body);
    ledger.killed.add(kid);
    ledger.epochs.set("EdDSA", epochs.EdDSA!);
    ledger.rotations++;
    ledger.tokens.push((await process.token(secret))!);
  }
}

/** Holds a restarted process against the ledger. */
async function check(process: IsolateProcess, ledger: Ledger): Promise<void> {
  for (const [id, ttl] of ledger.workloads) {
    const { status, body } = await process.admin("GET", `workloads/${id}`);
    assertEquals([status, JSON.parse(body).maxTtlSeconds], [200, ttl], id);
  }
  const { keys, epochs }: KeyList = JSON.parse((await process.admin("GET", "keys")).body);
  for (const alg of Object.keys(epochs)) {
    const count = (state: string) =>
      keys.filter((key) => key.alg === alg && key.state === state).length;
    assertEquals([count("active"), count("published")], [1, 1], alg);
    assert(epochs[alg]! >= (ledger.epochs.get(alg) ?? 1));
  }
  const jwks = await process.jwks() as unknown as JSONWebKeySet;
  for (const kid of ledger.killed) assert(!jwks.keys.some((key) => key.kid === kid));
  // A rotation that was not acknowledged may have been carried out all the same.
  for (const { kid, state } of keys) if (state === "compromised") ledger.killed.add(kid);
  for (const token of ledger.tokens) {
    if (ledger.killed.has(headerOf(token).kid)) continue;
    await jwtVerify(token, createLocalJWKSet(jwks), { issuer: processIssuer });
  }
  const events = await auditOf(process);
  const rotations = events.filter((action) => action === "keys.rotate_emergency").length;
  assert(rotations >= ledger.rotations && rotations >= epochs.EdDSA! - 1, `${rotations} events`);
  const changes = events.filter((action) => action.startsWith("workload.")).length;
  assert(changes >= ledger.writes, `${changes} events of ${ledger.writes} changes`);
}

async function auditOf(process: IsolateProcess): Promise<string[]> {
  const actions: string[] = [];
  for (let cursor = "";;) {
    const page = JSON.parse((await process.admin("GET", `audit?limit=100${cursor}`)).body);
    actions.push(...page.events.map(({ action }: { action: string }) => action));
    if (page.next === null) return actions;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

Deno.test(`hazard 2.14: ${goal.writes} writes and ${goal.rotations} rotations outlive kill -9 at random moments`, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/kv.sqlite`;
    const ledger = new Ledger();
    let secret = "";
    {
      await using first = await isolateProcess(path);
      await first.admin("POST", "workloads", definition("minter"));
      const added = await first.admin("POST", "workloads/minter/credentials", {
        type: "request_token",
      });
      secret = JSON.parse(added.body).secret;
    }
    let kills = 0;
    const isEnough = () =>
      ledger.writes >= goal.writes && ledger.rotations >= goal.rotations && kills >= goal.kills;
    while (!isEnough()) {
      await using process = await isolateProcess(path);
      await check(process, ledger);
      const failed = Promise.withResolvers<never>();
      for (const work of [write(process, ledger), rotate(process, { ledger, secret })]) {
        work.catch(failed.reject);
      }
      const moment = new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
      await Promise.race([failed.promise, moment]);
      await process.kill();
      kills++;
    }
    await using last = await isolateProcess(path);
    await check(last, ledger);
    const token = await last.token(secret);
    await jwtVerify(token!, createLocalJWKSet(await last.jwks() as unknown as JSONWebKeySet));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
