import { assert, assertEquals } from "@std/assert";
import { eventually } from "../_support/eventually.ts";
import { type KvConnect, kvConnect } from "../_support/kv_connect.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { audience, deployment, statusOf } from "./_support.ts";

const documents = ["/.well-known/openid-configuration", "/.well-known/jwks.json"];
const minute = 60_000;

/** Most calls that may be unanswered after an hour: 32 and ever rarer probes, see kv/guard_calls.ts. */
const maxUnanswered = 70;

const faults: Record<string, (server: KvConnect) => void> = {
  "answers by errors": (server) => void (server.faults.down = true),
  "does not answer": (server) => void (server.faults.hanging = true),
};

const isFailing = ({ faults }: KvConnect) => faults.down || faults.hanging;

for (const [title, fail] of Object.entries(faults)) {
  Deno.test(`hazard 2.10: a warm isolate whose KV ${title} signs in its stale window, then 503`, async () => {
    await using server = kvConnect();
    const { clock, isolate } = deployment();
    await using warm = isolate(await server.open(), { isDown: () => isFailing(server) });
    const secret = await warm.register();
    const token = () => statusOf(warm.token(secret, { audience }));
    assertEquals(await token(), 200);
    const good = await Promise.all(documents.map(async (path) => (await warm.get(path)).text()));
    const warmedAt = clock.now;
    fail(server);

    for (; clock.now < warmedAt + 10 * minute - 1; clock.now += 99_999) {
      assertEquals(await token(), 200, `${clock.now - warmedAt} ms into the outage`);
    }
    clock.now = warmedAt + 10 * minute + 1;
    const refused = await warm.token(secret, { audience });
    assertEquals([refused.status, (await refused.json()).error], [503, "temporarily_unavailable"]);
    assert(Number(refused.headers.get("retry-after")) >= 1);
    const still = await Promise.all(documents.map(async (path) => (await warm.get(path)).text()));
    assertEquals(still, good, "relying parties notice nothing");
    clock.now = warmedAt + 25 * 60 * minute;
    assertEquals(await statusOf(warm.get(documents[1]!)), 503, "and never a set of unknown age");

    Object.assign(server.faults, { down: false, hanging: false });
    server.release();
    await eventually(() => server.pending === 0);
    clock.now += minute;
    assertEquals(await token(), 200);
  });

  Deno.test(`hazard 2.10: a cold isolate whose KV ${title} answers 503, never an empty key set`, async () => {
    await using server = kvConnect();
    const { clock, isolate } = deployment();
    let secret: string;
    {
      await using first = isolate(await server.open());
      secret = await first.register();
    }
    fail(server);
    await using cold = isolate(await server.open(), { isDown: () => isFailing(server) });
    const ask = async (answer: Promise<Response>) => {
      const response = await answer;
      const after = Number(response.headers.get("retry-after"));
      assert(response.status !== 503 || (after >= 1 && after <= 3), `Retry-After: ${after}`);
      assert(response.status === 200 || !(await response.clone().text()).includes('"keys"'));
      await response.body?.cancel();
      return response.status;
    };
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all([
        ask(cold.get(documents[1]!)),
        ask(cold.token(secret, { audience })),
        ask(cold.get("/healthz")),
        ask(cold.admin("GET", "workloads/web")),
      ]);
      assertEquals(answers, [503, 503, 503, 503]);
      assertEquals(await ask(cold.get(documents[0]!)), 200, "discovery needs no KV");
      clock.now += 6_000;
    }
  });
}

Deno.test("hazard 2.10: an hour's outage piles up no promises, and the isolate comes back", async () => {
  await using server = kvConnect();
  const { clock, isolate } = deployment();
  await using warm = isolate(await server.open(), { isDown: () => isFailing(server) });
  const secret = await warm.register();
  assertEquals(await statusOf(warm.token(secret, { audience })), 200);
  server.faults.down = true;
  let most = 0;
  for (let step = 0; step < 60; step++) {
    clock.now += minute;
    await Promise.all([
      ...Array.from({ length: 5 }, () => statusOf(warm.token(secret, { audience }))),
      ...Array.from({ length: 5 }, (_, id) => statusOf(warm.admin("GET", `workloads/other-${id}`))),
      statusOf(warm.get("/.well-known/jwks.json")),
    ]);
    most = Math.max(most, server.pending);
  }
  assert(most > 5 && most <= maxUnanswered, `${most} calls unanswered at once`);
  server.faults.down = false;
  await eventually(() => server.pending === 0);
  clock.now += minute;
  assertEquals(await statusOf(warm.token(secret, { audience })), 200);
});

Deno.test("hazard 2.4: an isolate cut off from the KV stops signing with a key revoked elsewhere", async () => {
  await using server = kvConnect();
  const { clock, isolate } = deployment();
  // One server for both: what is cut off is cut off by a client of its own.
  const [near, far] = [await server.open(), await server.open()];
  let isCut = false;
  const cut = new Proxy(far, {
    get: (kv, name: keyof typeof far) => {
      if (isCut && name !== "close") return () => new Promise(() => {});
      return kv[name].bind(kv);
    },
  });
  await using a = isolate(near);
  await using b = isolate(cut, { isDown: () => isCut });
  const secret = await a.register();
  const kid = async (isolate: StartedIssuer) => {
    const response = await isolate.token(secret, { audience });
    const { value } = await response.json();
    return value && JSON.parse(atob(value.split(".")[0])).kid;
  };
  const bad = await kid(b);
  isCut = true;
  const revokedAt = clock.now;
  assertEquals(await statusOf(a.admin("POST", "keys/rotate", { emergency: true })), 200);
  assert(await kid(a) !== bad);
  clock.now = revokedAt + 10 * minute - 1_000;
  assertEquals(await kid(b), bad, "the limit that docs/operations.md tells of");
  for (let step = 0; step < 5; step++, clock.now += minute) {
    clock.now = Math.max(clock.now, revokedAt + 10 * minute);
    assertEquals(await kid(b), undefined);
  }
  isCut = false;
  clock.now += minute;
  assert(![bad, undefined].includes(await kid(b)));
});

Deno.test("hazard 2.12: a thousand callers of a cold isolate cost one read of keys and one of their workload", async () => {
  await using server = kvConnect();
  const profiles = [{ name: "quick", audiences: [audience], alg: "EdDSA" as const }];
  const { isolate } = deployment({ profiles });
  await using first = isolate(await server.open());
  const secret = await first.register();
  assertEquals(await statusOf(first.token(secret, { audience })), 200);
  await using cold = isolate(await server.open());
  server.calls.length = 0;
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => statusOf(cold.token(secret, { audience }))),
  );
  assertEquals(new Set(answers), new Set([200]));
  // The marker of changes, the workload, the keysets.
  assertEquals(server.calls, ["snapshot_read", "snapshot_read", "snapshot_read"]);
});
