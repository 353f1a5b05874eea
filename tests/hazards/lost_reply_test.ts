import { assert, assertEquals } from "@std/assert";
import { kvConnect } from "../_support/kv_connect.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { audience, deployment, kidsOf, statusOf } from "./_support.ts";

const day = 24 * 3600 * 1000;

for (const lost of [1, 2, 3]) {
  Deno.test(`hazard 2.2: rotations make exactly one key each although ${lost} replies are lost`, async () => {
    await using server = kvConnect();
    const { clock, isolate } = deployment();
    await using issuer = isolate(await server.open());
    const [active, spare] = await kidsOf(issuer);
    const epoch = async () => (await (await issuer.admin("GET", "keys")).json()).epochs.RS256;
    assertEquals(await epoch(), 1);

    server.faults.dropCommitReplies = lost;
    const emergency = await issuer.admin("POST", "keys/rotate", { emergency: true });
    assertEquals(emergency.status, 200);
    await emergency.body?.cancel();
    assertEquals(server.faults.dropCommitReplies, 0);
    const [now, next, ...others] = await kidsOf(issuer);
    assertEquals([now, others, await epoch()], [spare, [], 2]);
    assert(next !== active && next !== spare);

    clock.now += 8 * day;
    server.faults.dropCommitReplies = lost;
    await issuer.issuer.maintain();
    assertEquals(server.faults.dropCommitReplies, 0);
    assertEquals([(await kidsOf(issuer)).length, await epoch()], [3, 3]);
  });
}

Deno.test("hazard 2.2: an admin write whose reply is lost is done once and answered as done", async () => {
  await using server = kvConnect();
  const { isolate } = deployment();
  await using issuer = isolate(await server.open());
  const web = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
  server.faults.dropCommitReplies = 1;
  const created = await issuer.admin("POST", "workloads", web);
  assertEquals(created.status, 201);
  const etag = created.headers.get("etag")!;
  await created.body?.cancel();
  server.faults.dropCommitReplies = 1;
  const patch = { maxTtlSeconds: 600 };
  assertEquals(
    await statusOf(issuer.admin("PATCH", "workloads/web", patch, { "if-match": etag })),
    200,
  );
  server.faults.dropCommitReplies = 1;
  const type = { type: "request_token" };
  const { secret } = await (await issuer.admin("POST", "workloads/web/credentials", type)).json();
  assertEquals(await statusOf(issuer.token(secret, { audience })), 200);
  const { credentials } = await (await issuer.admin("GET", "workloads/web/credentials")).json();
  assertEquals(credentials.length, 1);
  const { events } = await (await issuer.admin("GET", "audit")).json();
  assertEquals(events.length, 3, "one event for each change");
});

Deno.test("hazard 2.6: of many equal proofs on several isolates one is taken, replies lost or not", async () => {
  await using server = kvConnect();
  const network = platformNetwork();
  const platform = await network.add("https://platform.test");
  const { clock, isolate } = deployment({ fetch: network.fetch });
  await using stack = new AsyncDisposableStack();
  const isolates: StartedIssuer[] = [];
  for (let count = 0; count < 4; count++) isolates.push(stack.use(isolate(await server.open())));
  const [first] = isolates;
  const trust = [{ issuer: platform.url, audience: first!.url, claims: { project: "7" } }];
  await first!.register({ trust });
  const iat = clock.now / 1000;
  const exchange = async (jti: string, asked: StartedIssuer) => {
    const claims = { sub: "s", aud: first!.url, project: "7", iat, exp: iat + 300, jti };
    const body = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: await platform.sign(claims),
      audience,
    });
    return await statusOf(asked.get("/token", { method: "POST", body }));
  };
  for (const lost of [0, 1, 2]) {
    server.faults.dropCommitReplies = lost;
    const answers = await Promise.all(
      Array.from({ length: 48 }, (_, index) => exchange(`with ${lost} lost`, isolates[index % 4]!)),
    );
    assertEquals(answers.filter((status) => status === 200).length, 1, `${lost} replies lost`);
    assertEquals(answers.filter((status) => status === 400).length, 47);
  }
});
