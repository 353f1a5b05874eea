import { assert, assertEquals } from "@std/assert";
import { kvConnect } from "../_support/kv_connect.ts";
import { audience, deployment, kidsOf, statusOf } from "./_support.ts";

const second = 1000, minute = 60 * second, hour = 60 * minute;

Deno.test("hazard 2.3: no token is signed with a key that an isolate behind by 30 s does not show", async () => {
  await using server = kvConnect();
  const { clock, isolate } = deployment();
  await using signer = isolate(await server.open());
  const secret = await signer.register();
  assertEquals(await statusOf(signer.token(secret, { audience })), 200);
  server.sync();
  await using reader = isolate(await server.open({ lagging: true }));
  const shownSince = new Map<string, number>();
  for (const kid of await kidsOf(reader)) shownSince.set(kid, -Infinity);
  const signedWith = new Set<string>();
  // What the reader sees is what was there half a minute before.
  for (let step = 0; step < 8 * 17; step++) {
    clock.now += 3 * hour - 30 * second;
    await signer.issuer.maintain();
    server.sync();
    clock.now += 30 * second;
    if (step === 66) await statusOf(signer.admin("POST", "keys/rotate"));
    for (const kid of await kidsOf(reader)) {
      if (!shownSince.has(kid)) shownSince.set(kid, clock.now);
    }
    const { value } = await (await signer.token(secret, { audience })).json();
    const { kid } = JSON.parse(atob(value.split(".")[0]));
    signedWith.add(kid);
    const since = shownSince.get(kid) ?? Infinity;
    assert(clock.now - since >= 24 * hour, `${kid} was shown for ${clock.now - since} ms`);
  }
  assertEquals(signedWith.size, 4, "two rotations by the calendar and one by hand");
});

Deno.test("hazard 2.8: a workload deleted while it mints gets nothing more: here at once, elsewhere in 60 s", async () => {
  await using server = kvConnect();
  const { clock, isolate } = deployment();
  await using near = isolate(await server.open());
  await using far = isolate(await server.open());
  const secret = await near.register();
  const [here, there] = [near, far].map((at) => () => statusOf(at.token(secret, { audience })));
  assertEquals([await here!(), await there!()], [200, 200]);
  const minting = Array.from({ length: 20 }, () => here!());
  const deleted = statusOf(near.admin("DELETE", "workloads/web"));
  const during = Array.from({ length: 20 }, () => here!());
  assertEquals(await deleted, 204);
  assertEquals(await here!(), 401);
  for (const status of await Promise.all([...minting, ...during])) {
    assert(status === 200 || status === 401);
  }
  for (let age = 0; age < 59; age += 10) {
    assert([200, 401].includes(await there!()));
    clock.now += 10 * second;
  }
  assertEquals(await there!(), 401);
  const again = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
  assertEquals(await statusOf(far.admin("POST", "workloads", again)), 409);
  const heir = { ...again, id: "web2" };
  assertEquals(await statusOf(far.admin("POST", "workloads", heir)), 409, "nor its old subject");
});
