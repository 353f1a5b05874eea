import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { memoryKv } from "../../kv/memory_kv.ts";
import { startIssuer } from "../_support/start_issuer.ts";
import { faultyKv } from "../kv/faulty_kv.ts";
import { assertionClaims, createSigner, present } from "../threats/_support.ts";

/** The statuses of requests that an administrator sends. */
async function statuses(answers: Iterable<Promise<Response>>): Promise<number[]> {
  const found: number[] = [];
  for (const answer of answers) {
    const response = await answer;
    await response.body?.cancel();
    found.push(response.status);
  }
  return found;
}

Deno.test("an assertion of what can be no workload is refused, and costs no KV read", async () => {
  const { kv, faults } = faultyKv(memoryKv());
  await using started = startIssuer({ kv });
  const signer = await createSigner("key");
  const now = started.clock.now;
  const tryAs = async (workload: string) => {
    const before = faults.calls;
    const token = await signer.sign(assertionClaims(started.url, { workload, now }));
    const { status } = await present(started, { grant: "private_key_jwt", token });
    return [status, faults.calls - before];
  };
  await tryAs("warms-up");
  for (const workload of ["a".repeat(3_000), "a/b", "A", "\0", "é", "a".repeat(64)]) {
    assertEquals(await tryAs(workload), [401, 0], workload);
  }
  assertEquals(await tryAs("a".repeat(63)), [401, 1]);
});

Deno.test("admin API takes no name for more than it is, be it of a method, a key type or an algorithm", async () => {
  await using started = startIssuer();
  await started.register();
  const { admin } = started;
  const methods = ["constructor", "toString", "valueOf", "__proto__"];
  assertEquals(await statuses(methods.map((method) => admin(method, "workloads"))), [
    ...[405, 405, 405, 405],
  ]);
  const jwks = [
    ...[{ kty: "constructor" }, { kty: ["OKP"], crv: "Ed25519", x: "AAAA" }],
    ...[{ kty: "OKP", crv: "constructor", x: "AAAA" }, { kty: "__proto__" }],
  ];
  const add = (jwk: unknown) =>
    admin("POST", "workloads/web/credentials", { type: "public_key", jwk });
  assertEquals(await statuses(jwks.map(add)), [400, 400, 400, 400]);
  const algorithms = [["RS256"], "constructor", "rs256", {}, 1];
  const rotate = (alg: unknown) => admin("POST", "keys/rotate", { alg });
  assertEquals(await statuses(algorithms.map(rotate)), [400, 400, 400, 400, 400]);
  const long = "a".repeat(3_000);
  const places = [`workloads/${long}`, `workloads/${long}/credentials`, `workloads/%ff`];
  assertEquals(await statuses(places.map((place) => admin("GET", place))), [404, 404, 404]);
});

Deno.test("admin API refuses what the KV would not keep; what it takes can be changed and deleted", async () => {
  await using started = startIssuer();
  const workload = (count: number, first = "a") => ({
    ...{ id: "big", org: "acme", app: "big", context: "production" },
    audiences: Array.from({ length: count }, (_, index) => first.repeat(560) + index),
  });
  const tooLarge = await started.admin("POST", "workloads", workload(90));
  assertEquals(tooLarge.status, 413);
  assertStringIncludes((await tooLarge.json()).detail, "two workloads");
  const { admin } = started;
  const any = { "if-match": "*" };
  assertEquals(
    await statuses([admin("POST", "workloads", workload(50))]),
    [201],
  );
  const { audiences } = workload(50, "b");
  assertEquals(await statuses([admin("PATCH", "workloads/big", { audiences }, any)]), [200]);
  assertEquals(
    await statuses([admin("PATCH", "workloads/big", { audiences: workload(90).audiences }, any)]),
    [413],
  );
  let added = 0, status = 201;
  for (; status === 201; added++) {
    const credential = { type: "request_token", audiences: audiences.slice(0, 20) };
    [status = 0] = await statuses([admin("POST", "workloads/big/credentials", credential)]);
  }
  assert(added > 2 && status === 413, `${added} credentials, then ${status}`);
  assertEquals(await statuses([admin("DELETE", "workloads/big", undefined, any)]), [204]);
});
