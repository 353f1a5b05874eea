import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { storedValue } from "../_support/stored_value.ts";

const web = { id: "web", org: "acme", app: "web", context: "production", audiences: ["vault"] };

async function problemOf(response: Response) {
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  assertEquals(response.headers.get("cache-control"), "no-store");
  const body = await response.json();
  assertEquals(body.status, response.status);
  return body as {
    status: number;
    title: string;
    detail: string;
    errors?: { pointer: string }[];
    current?: string;
  };
}

Deno.test("admin API answers 404 to everything when no admin token is configured", async () => {
  await using started = startIssuer({ adminToken: undefined });
  for (const path of ["workloads", "keys", "nothing"]) {
    assertEquals((await problemOf(await started.admin("GET", path))).status, 404);
  }
});

Deno.test("threat 61: admin API takes the admin token and no workload's", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  for (const authorization of [`Bearer ${secret}`, `Bearer ${adminToken}x`, "Bearer", ""]) {
    const response = await started.get("/admin/keys", { headers: { authorization } });
    assertEquals((await problemOf(response)).status, 401);
  }
  assertEquals((await problemOf(await started.get("/admin/keys"))).status, 401);
  const asked = await started.token(adminToken, { audience: "https://api.acme.test" });
  assertEquals(asked.status, 401, "an administrator is no workload");
  await asked.body?.cancel();
  const { events } = await (await started.admin("GET", "audit")).json();
  assert(events.length === 2, "what the workload tried changed nothing");
  for (const event of events) {
    assertEquals(event.actor, "admin-token");
    assert(!JSON.stringify(event).includes(secret.slice(-43)));
  }
});

Deno.test("admin API creates, shows, lists and deletes a workload", async () => {
  await using started = startIssuer();
  const created = await started.admin("POST", "workloads", web);
  assertEquals(created.status, 201);
  assertEquals(created.headers.get("location"), "https://tokens.test/admin/workloads/web");
  const body = await created.json();
  assertEquals(body.subject, "deployment:acme/web/production");
  assertEquals([body.maxTtlSeconds, body.claims, body.trust, body.managedBy], [
    3600,
    {},
    [],
    "api",
  ]);
  const shown = await started.admin("GET", "workloads/web");
  assertEquals(shown.headers.get("etag"), created.headers.get("etag"));
  assertEquals(await shown.json(), body);
  assertEquals((await (await started.admin("GET", "workloads")).json()).workloads.length, 1);
  assertEquals((await started.admin("DELETE", "workloads/web")).status, 204);
  assertEquals((await problemOf(await started.admin("GET", "workloads/web"))).status, 404);
  assertEquals((await (await started.admin("GET", "workloads")).json()).workloads, []);
});

Deno.test("admin API reports every fault of a workload at once, by JSON pointer", async () => {
  await using started = startIssuer();
  const { status, errors } = await problemOf(
    await started.admin("POST", "workloads", {
      id: "Web",
      org: "acme/evil",
      app: "a--b",
      context: "",
      audiences: ["https://tokens.test/token", "a b", 1],
      claims: { Sub: "x", "https://aws.amazon.com/tags": {} },
      maxTtlSeconds: 3601,
      audience: ["misspelled"],
    }),
  );
  assertEquals(status, 400);
  assertEquals(errors!.map(({ pointer }) => pointer).sort(), [
    "/app",
    "/audience",
    "/audiences/0",
    "/audiences/1",
    "/audiences/2",
    "/claims/Sub",
    "/claims/https:~1~1aws.amazon.com~1tags",
    "/context",
    "/id",
    "/maxTtlSeconds",
    "/org",
  ]);
  assertEquals((await (await started.admin("GET", "workloads")).json()).workloads, []);
});

Deno.test("threat 27: admin API never gives an id or a subject away twice, unless told by name", async () => {
  await using started = startIssuer();
  await started.admin("POST", "workloads", web);
  const twin = { ...web, id: "web-2" };
  assertStringIncludes(
    (await problemOf(await started.admin("POST", "workloads", twin))).detail,
    `"web"`,
  );
  assertEquals((await problemOf(await started.admin("POST", "workloads", web))).status, 409);
  await started.admin("DELETE", "workloads/web");
  assertEquals(
    (await problemOf(await started.admin("POST", "workloads", { ...web, app: "other" }))).status,
    409,
  );
  const { status, detail } = await problemOf(await started.admin("POST", "workloads", twin));
  assertEquals(status, 409);
  assertStringIncludes(detail, `"reuseSubjectOf": "web"`);
  const wrong = await started.admin("POST", "workloads", { ...twin, reuseSubjectOf: "db" });
  assertEquals((await problemOf(wrong)).status, 409);
  const heir = await started.admin("POST", "workloads", { ...twin, reuseSubjectOf: "web" });
  assertEquals(heir.status, 201);
  await heir.body?.cancel();
});

Deno.test("hazard 2.7: PATCH needs If-Match, and a stale one loses nothing", async () => {
  await using started = startIssuer();
  const etag = (await started.admin("POST", "workloads", web)).headers.get("etag")!;
  const patch = { audiences: ["vault", "sts.amazonaws.com"] };
  assertEquals((await problemOf(await started.admin("PATCH", "workloads/web", patch))).status, 428);
  const first = await started.admin("PATCH", "workloads/web", patch, { "if-match": etag });
  assertEquals(first.status, 200);
  assertEquals((await first.json()).audiences, patch.audiences);
  const late = await problemOf(
    await started.admin("PATCH", "workloads/web", { audiences: [] }, { "if-match": etag }),
  );
  assertEquals([late.status, late.current], [412, first.headers.get("etag")!]);
  const kept = await (await started.admin("GET", "workloads/web")).json();
  assertEquals(kept.audiences, patch.audiences);
  const deleted = await started.admin("DELETE", "workloads/web", undefined, { "if-match": etag });
  assertEquals((await problemOf(deleted)).status, 412);
});

Deno.test("admin API takes back an ETag that a compressing server made weak", async () => {
  await using started = startIssuer();
  const etag = (await started.admin("POST", "workloads", web)).headers.get("etag")!;
  const change = (tag: string) =>
    started.admin("PATCH", "workloads/web", { claims: { a: 1 } }, { "if-match": tag });
  assertEquals((await problemOf(await change('W/"another"'))).status, 412);
  assertEquals((await change(`W/${etag}`)).status, 200);
});

Deno.test("hazard 2.7: of two editors with one entity tag exactly one wins", async () => {
  await using started = startIssuer();
  const etag = (await started.admin("POST", "workloads", web)).headers.get("etag")!;
  const edits = await Promise.all(
    ["a", "b", "c", "d"].map((team) =>
      started.admin("PATCH", "workloads/web", { claims: { team } }, { "if-match": etag })
    ),
  );
  assertEquals(edits.map(({ status }) => status).sort(), [200, 412, 412, 412]);
  for (const edit of edits) await edit.body?.cancel();
});

Deno.test("PATCH keeps who a workload is, and credentials keep its entity tag", async () => {
  await using started = startIssuer();
  const etag = (await started.admin("POST", "workloads", web)).headers.get("etag")!;
  const renamed = await started.admin("PATCH", "workloads/web", { app: "other" }, {
    "if-match": etag,
  });
  assertEquals((await problemOf(renamed)).errors![0]!.pointer, "/app");
  await (await started.admin("POST", "workloads/web/credentials", { type: "request_token" })).body
    ?.cancel();
  const edit = await started.admin("PATCH", "workloads/web", { claims: { team: "x" } }, {
    "if-match": etag,
  });
  assertEquals(edit.status, 200);
  await edit.body?.cancel();
  assertEquals(
    (await (await started.admin("GET", "workloads/web/credentials")).json()).credentials.length,
    1,
  );
});

Deno.test("a new credential answers its secret once; lists and audit never hold it", async () => {
  await using started = startIssuer();
  await started.admin("POST", "workloads", web);
  const created = await started.admin("POST", "workloads/web/credentials", {
    type: "request_token",
    expiresIn: 3600,
  });
  assertEquals(created.status, 201);
  const { id, secret, expiresAt } = await created.json();
  assertMatch(id, /^[0-9a-f]{16}$/);
  assertEquals(Date.parse(expiresAt), started.clock.now + 3_600_000);
  const seen = await Promise.all(
    ["workloads/web/credentials", "workloads/web", "audit"].map(async (path) =>
      await (await started.admin("GET", path)).text()
    ),
  );
  assert(!seen.join("").includes(secret) && seen[0]!.includes(id));
});

Deno.test("a revoked credential ends at once", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  assertEquals((await started.token(secret, { audience: "vault" })).status, 200);
  const [{ id }] =
    (await (await started.admin("GET", "workloads/web/credentials")).json()).credentials;
  assertEquals((await started.admin("DELETE", `workloads/web/credentials/${id}`)).status, 204);
  assertEquals((await started.token(secret, { audience: "vault" })).status, 401);
  assertEquals(
    (await problemOf(await started.admin("DELETE", `workloads/web/credentials/${id}`))).status,
    404,
  );
});

Deno.test("threat 24: a deleted workload gets no token, on another isolate within 60 s", async () => {
  await using one = startIssuer();
  const secret = await one.register();
  await using other = startIssuer({ kv: one.kv, now: () => one.clock.now });
  assertEquals((await other.token(secret, { audience: "vault" })).status, 200);
  await one.admin("DELETE", "workloads/web");
  assertEquals((await one.token(secret, { audience: "vault" })).status, 401);
  one.clock.now += 60_001;
  assertEquals((await other.token(secret, { audience: "vault" })).status, 401);
});

Deno.test("a public key credential refuses a private key and keeps none", async () => {
  await using started = startIssuer();
  await started.admin("POST", "workloads", web);
  const jwk = { kty: "OKP", crv: "Ed25519", x: "AA", d: "c2VjcmV0" };
  const refused = await problemOf(
    await started.admin("POST", "workloads/web/credentials", { type: "public_key", jwk }),
  );
  assertEquals(refused.errors![0]!.pointer, "/jwk");
  assert(!JSON.stringify(refused).includes("c2VjcmV0"));
});

const p256 = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
const useless: [string, Record<string, unknown>][] = [
  ["for encryption", { ...p256, use: "enc" }],
  ["of an algorithm that does not fit", { ...p256, alg: "RS256" }],
  ["of a secret's algorithm", { ...p256, alg: "HS256" }],
  ["of an unknown curve", { ...p256, crv: "secp256k1" }],
  ["that may only encrypt", { ...p256, key_ops: ["encrypt"] }],
  ["with an empty kid", { ...p256, kid: "" }],
  ["with a kid that is no text", { ...p256, kid: 1 }],
  ["that is too short", { kty: "OKP", crv: "Ed25519", x: "AA" }],
  ["with a coordinate that is too long", { ...p256, y: `${p256.y}AAAA` }],
  ["of 1024 bits", { kty: "RSA", n: "0".repeat(171), e: "AQAB" }],
];

for (const [name, jwk] of useless) {
  Deno.test(`a public key credential refuses a key ${name}, which would verify nothing`, async () => {
    await using started = startIssuer();
    await started.admin("POST", "workloads", web);
    const added = await started.admin("POST", "workloads/web/credentials", {
      type: "public_key",
      jwk,
    });
    const { status, errors } = await problemOf(added);
    assertEquals([status, errors!.map(({ pointer }) => pointer)], [400, ["/jwk"]]);
  });
}

Deno.test("a public key credential keeps the public members, a kid and nothing else", async () => {
  await using started = startIssuer();
  await started.admin("POST", "workloads", web);
  const jwk = { ...p256, use: "sig", key_ops: ["verify"], ext: true, alg: "ES256", note: "x" };
  const body = { type: "public_key", jwk, expiresIn: 60 };
  const add = () => started.admin("POST", "workloads/web/credentials", body);
  const kid = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";
  assertEquals((await (await add()).json()).jwk, { ...p256, alg: "ES256", kid });
  assertEquals((await problemOf(await add())).status, 409);
  started.clock.now += 61_000;
  assertEquals((await add()).status, 201, "the first one's time is over");
});

Deno.test("workloads of the configuration file are read-only over the admin API", async () => {
  await using source = startIssuer();
  await source.register();
  const record = await storedValue(source.kv, ["signet", "workload", "web"]) as never;
  await using started = startIssuer({
    workloads: [{ ...record as object, managedBy: "config" } as never],
  });
  const shown = await started.admin("GET", "workloads/web");
  assertEquals((await shown.json()).managedBy, "config");
  const edits = [
    started.admin("PATCH", "workloads/web", { claims: {} }, { "if-match": "*" }),
    started.admin("DELETE", "workloads/web"),
    started.admin("POST", "workloads/web/credentials", { type: "request_token" }),
    started.admin("POST", "workloads", web),
  ];
  for (const edit of edits) assertEquals((await problemOf(await edit)).status, 409);
  assertEquals((await (await started.admin("GET", "workloads")).json()).workloads.length, 1);
});

Deno.test("lists come in pages that miss and repeat nothing", async () => {
  await using started = startIssuer();
  const ids = Array.from({ length: 7 }, (_, index) => `w${index}`);
  for (const id of ids) await started.admin("POST", "workloads", { ...web, id, app: id });
  await started.admin("DELETE", "workloads/w3");
  const found: string[] = [];
  let query = "limit=2";
  for (let next: string | null = ""; next !== null;) {
    const page = await (await started.admin("GET", `workloads?${query}`)).json();
    found.push(...page.workloads.map((workload: { id: string }) => workload.id));
    next = page.next;
    query = `limit=2&cursor=${next}`;
  }
  assertEquals(found, ids.filter((id) => id !== "w3"));
});

Deno.test("audit holds every change with its actor, newest first, in pages", async () => {
  await using started = startIssuer();
  await started.register();
  started.clock.now += 1000;
  await started.admin("DELETE", "workloads/web");
  const first = await (await started.admin("GET", "audit?limit=2")).json();
  assertEquals(first.events.map((event: { action: string }) => event.action), [
    "workload.delete",
    "credential.add",
  ]);
  assertEquals(first.events[0].actor, "admin-token");
  const second = await (await started.admin("GET", `audit?limit=2&cursor=${first.next}`)).json();
  assertEquals(second.events.map((event: { action: string }) => event.action), ["workload.create"]);
  assertEquals(second.next, null);
});

Deno.test("admin API refuses bodies that are not JSON, too large, too deep or too slow", async () => {
  await using started = startIssuer();
  const send = (body: BodyInit, type = "application/json") =>
    started.get("/admin/workloads", {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${adminToken}`, "content-type": type },
    });
  assertEquals((await problemOf(await send("{}", "text/plain"))).status, 415);
  assertEquals((await problemOf(await send("{"))).status, 400);
  assertEquals((await problemOf(await send(`{"id":"a","id":"b"}`))).status, 400);
  assertEquals((await problemOf(await send("[".repeat(10_000)))).status, 400);
  assertEquals((await problemOf(await send("[]"))).status, 400);
  assertEquals((await problemOf(await send("x".repeat(70_000)))).status, 413);
});

Deno.test("admin API tells the methods of a route", async () => {
  await using started = startIssuer();
  const response = await started.admin("PUT", "workloads/web");
  assertEquals([response.status, response.headers.get("allow")], [405, "GET, PATCH, DELETE, HEAD"]);
  await response.body?.cancel();
});

Deno.test("admin API lists keys with ISO times and rotates on schedule", async () => {
  await using started = startIssuer();
  const { keys } = await (await started.admin("GET", "keys")).json();
  assertEquals(keys.map(({ state }: { state: string }) => state), ["active", "published"]);
  for (const name of ["publishedAt", "notBefore"]) assertMatch(keys[0][name], /^\d{4}-.*Z$/);
  assertEquals([typeof keys[0].retireAt, typeof keys[0].removeAt], ["string", "string"]);
  const rotated = await (await started.admin("POST", "keys/rotate", {})).json();
  const lead = 25 * 3_600_000;
  assertEquals(Date.parse(rotated.rotated[0].activeAt), started.clock.now + lead);
  started.clock.now += lead + 1000;
  const after = await (await started.admin("GET", "keys")).json();
  const states = Object.fromEntries(
    after.keys.map((key: { kid: string; state: string }) => [key.kid, key.state]),
  );
  assertEquals([states[keys[0].kid], states[keys[1].kid]], ["retired", "active"]);
});

Deno.test("an emergency rotation removes the active key and signs with the spare at once", async () => {
  await using started = startIssuer();
  const [active, spare] = (await (await started.admin("GET", "keys")).json()).keys;
  const answer = await started.admin("POST", "keys/rotate", { emergency: true });
  assertEquals(answer.status, 200);
  const { keys } = await answer.json();
  const states = Object.fromEntries(
    keys.map((key: { kid: string; state: string }) => [key.kid, key.state]),
  );
  assertEquals([states[active.kid], states[spare.kid]], ["compromised", "active"]);
  const jwks = await (await started.get("/.well-known/jwks.json")).json();
  assert(!jwks.keys.some(({ kid }: { kid: string }) => kid === active.kid));
  assertEquals(jwks.keys.length, 2);
});

Deno.test("DELETE kills a key by kid; an unknown one is 404, a wrong body 400", async () => {
  await using started = startIssuer();
  const [, spare] = (await (await started.admin("GET", "keys")).json()).keys;
  const killed = await (await started.admin("DELETE", `keys/${spare.kid}`)).json();
  assertEquals(
    killed.keys.find(({ kid }: { kid: string }) => kid === spare.kid).state,
    "compromised",
  );
  assertEquals((await problemOf(await started.admin("DELETE", "keys/nothing"))).status, 404);
  for (const body of [{ emergency: "yes" }, { alg: "HS256" }, { force: true }, []]) {
    assertEquals((await problemOf(await started.admin("POST", "keys/rotate", body))).status, 400);
  }
});

Deno.test("DELETE /admin/keys/{kid} revokes a key that this isolate has not heard of yet", async () => {
  await using one = startIssuer();
  await using two = startIssuer({ kv: one.kv });
  await two.admin("GET", "keys");
  await one.admin("POST", "keys/rotate", { emergency: true });
  const { keys } = await (await one.admin("GET", "keys")).json();
  const { kid } = keys.at(-1);
  assertEquals((await two.admin("DELETE", `keys/${kid}`)).status, 200);
  assertEquals((await two.admin("DELETE", "keys/unknown")).status, 404);
});

Deno.test("admin API says what keeps keys from being rotated", async () => {
  await using started = startIssuer();
  const unknown = await started.admin("POST", "keys/rotate", { alg: "EdDSA" });
  const conflict = await problemOf(unknown);
  assertEquals(conflict.status, 409);
  assertStringIncludes(conflict.detail, "the issuer is configured for RS256");
  await started.admin("POST", "keys/rotate", {});
  started.clock.now -= 3_600_000;
  const refused = await problemOf(await started.admin("POST", "keys/rotate", {}));
  assertEquals(refused.status, 503);
  assertStringIncludes(refused.detail, "set the clock right");
});
