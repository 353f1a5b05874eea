/** Several real processes on one SQLite file. */
import { assert, assertEquals } from "@std/assert";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import {
  headerOf,
  type IsolateProcess,
  isolateProcess,
  processIssuer,
  quickAudience,
} from "./isolate_process.ts";

const day = 24 * 3600 * 1000;

interface KeyList {
  readonly keys: readonly { kid: string; alg: string; state: string }[];
  readonly epochs: Record<string, number>;
}

/** Processes on one new file, all ended when the test is over. */
async function processes(count: number) {
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const all = await Promise.all(
    Array.from({ length: count }, () => isolateProcess(`${folder}/kv.sqlite`)),
  );
  for (const process of all) stack.use(process);
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function register(process: IsolateProcess, id = "web"): Promise<string> {
  const web = { id, org: "acme", app: id, context: "production", audiences: ["*"] };
  assertEquals((await process.admin("POST", "workloads", web)).status, 201);
  const type = { type: "request_token" };
  return JSON.parse((await process.admin("POST", `workloads/${id}/credentials`, type)).body).secret;
}

async function keysOf(process: IsolateProcess): Promise<KeyList> {
  return JSON.parse((await process.admin("GET", "keys")).body);
}

Deno.test("hazard 2.1: four processes that see a rotation due at once make one key of each family", async () => {
  await using set = await processes(4);
  const secret = await register(set.all[0]!);
  const seen = new Map<string, Set<string>>();
  const note = ({ keys }: KeyList) => {
    for (const { alg, kid } of keys) seen.set(alg, (seen.get(alg) ?? new Set()).add(kid));
  };
  note(await keysOf(set.all[0]!));
  const rounds = 5;
  for (let round = 1; round <= rounds; round++) {
    const due = { offset: round * 8 * day, maintain: true };
    const done = await Promise.all(set.all.map((process) => process.send(due)));
    assertEquals(done.map(({ status }) => status), [200, 200, 200, 200]);
    note(await keysOf(set.all[round % 4]!));
  }
  for (const [alg, kids] of seen) assertEquals(kids.size, 2 + rounds, alg);
  const sets = await Promise.all(set.all.map((process) => process.jwks()));
  for (const each of sets) assertEquals(each, sets[0]);
  const token = await set.all[3]!.token(secret);
  const currentDate = new Date(Date.now() + rounds * 8 * day);
  await jwtVerify(token!, createLocalJWKSet(sets[0]!), { issuer: processIssuer, currentDate });
});

Deno.test("hazard 2.6: of fifty equal assertions at four processes one gets a token", async () => {
  await using set = await processes(4);
  await register(set.all[0]!);
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...await exportJWK(publicKey), kid: "own", alg: "ES256" };
  const credential = { type: "public_key", jwk };
  assertEquals(
    (await set.all[0]!.admin("POST", "workloads/web/credentials", credential)).status,
    201,
  );
  for (let round = 0; round < 3; round++) {
    const assertion = await new SignJWT({ jti: `assertion ${round}` })
      .setProtectedHeader({ alg: "ES256", kid: "own", typ: "JWT" })
      .setIssuer("web").setSubject("web").setAudience(processIssuer)
      .setIssuedAt().setExpirationTime("2m").sign(privateKey);
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
      audience: quickAudience,
    });
    const request = {
      ...{ method: "POST", path: "/token", body: String(form) },
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => set.all[index % 4]!.send(request)),
    );
    const counts = Map.groupBy(answers, ({ status }) => status);
    assertEquals([counts.get(200)?.length, counts.get(401)?.length], [1, 49]);
  }
});

Deno.test("hazard 2.11: six processes that write to one file at once are never told of its lock", async () => {
  await using set = await processes(6);
  await register(set.all[0]!, "first");
  const write = (process: IsolateProcess, id: string) =>
    process.admin("POST", "workloads", {
      ...{ id, org: "acme", app: id, context: "production", audiences: ["*"] },
    });
  const answers = await Promise.all(
    set.all.flatMap((process, place) =>
      Array.from({ length: 10 }, (_, index) => write(process, `w-${place}-${index}`))
    ),
  );
  const failed = answers.filter(({ status }) => status !== 201);
  assertEquals(failed.map(({ body }) => body), []);
  const { workloads } = JSON.parse((await set.all[5]!.admin("GET", "workloads?limit=100")).body);
  assertEquals(workloads.length, 61);
});

Deno.test("an emergency rotation is in force in another process within 60 s, on one SQLite file", async () => {
  await using set = await processes(2);
  const [here, there] = set.all as [IsolateProcess, IsolateProcess];
  const secret = await register(here);
  const kidAt = async (process: IsolateProcess) => headerOf((await process.token(secret))!).kid;
  const bad = await kidAt(here);
  assertEquals(await kidAt(there), bad);
  const old = await there.token(secret);
  assertEquals((await here.admin("POST", "keys/rotate", { emergency: true })).status, 200);
  assert(await kidAt(here) !== bad, "at once where it was made");
  // Nothing tells the other process: after a minute by its own clock it looks itself.
  await there.send({ offset: 60_000 });
  const now = await kidAt(there);
  assertEquals(now, await kidAt(here));
  const { keys } = await there.jwks();
  assert(!keys.some(({ kid }) => kid === bad), "the JWKS shows it no more");
  const verified = jwtVerify(old!, createLocalJWKSet({ keys }), { issuer: processIssuer });
  assertEquals(await verified.then(() => "taken", ({ code }) => code), "ERR_JWKS_NO_MATCHING_KEY");

  const killed = await here.admin("DELETE", `keys/${now}`);
  assertEquals(killed.status, 200);
  await there.send({ offset: 120_000 });
  assert(![bad, now].includes(await kidAt(there)));
});
