/** Client assertions (private_key_jwt), over HTTP. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64Url } from "@std/encoding/base64url";
import { memoryKv } from "../../kv/memory_kv.ts";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { startIssuer } from "../_support/start_issuer.ts";
import { assertionClaims, createSigner, present, registerKey } from "./_support.ts";

const grant = "private_key_jwt";
const refused = { status: 401, error: "invalid_client" };

Deno.test("threats 1 to 10, 12 to 16: private_key_jwt takes a sound assertion and no hostile one", async () => {
  await using started = listeningIssuer();
  const signer = await createSigner("k1"), stranger = await createSigner("k1");
  await registerKey(started, signer);
  await started.register({ id: "api", app: "api" });
  const { url } = started;
  const now = Math.floor(Date.now() / 1000);
  const claims = (change: Record<string, unknown> = {}) => assertionClaims(url, change);
  const sound = await signer.sign(claims());
  const none = encodeBase64Url(`{"alg":"none","kid":"k1"}`);
  const hostile: Record<string, string | Promise<string>> = {
    "1 alg none": `${none}.${sound.split(".")[1]}.`,
    "2 HS256": signer.sign(claims(), { alg: "HS256" }),
    "3 another alg": signer.sign(claims(), { alg: "ES384" }),
    "4 jwk": signer.sign(claims(), { jwk: stranger.publicJwk }),
    "5 kid __proto__": signer.sign(claims(), { kid: "__proto__" }),
    "5 kid of a number": signer.sign(claims(), { kid: 1 }),
    "5 no kid": signer.sign(claims(), { kid: undefined }),
    "6 somebody else's key under the kid": stranger.sign(claims()),
    "6 the key of another workload": signer.sign(claims({ workload: "api" })),
    "7 crit": signer.sign(claims(), { crit: ["exp"] }),
    "7 b64": signer.sign(claims(), { b64: false, crit: ["b64"] }),
    "8 typ": signer.sign(claims(), { typ: "at+jwt" }),
    "9 duplicate claim": signer.signText(
      JSON.stringify(claims()).replace("{", `{"sub":"api",`),
    ),
    "10 padding": `${sound}=`,
    "10 a line feed": `${sound}\n`,
    "12 no exp": signer.sign(claims({ exp: undefined })),
    "12 exp as text": signer.sign(claims({ exp: String(now + 60) })),
    "12 exp in milliseconds": signer.sign(claims({ exp: Date.now() + 60_000 })),
    "12 a day": signer.sign(claims({ exp: now + 86_400 })),
    "12 expired": signer.sign(claims({ iat: now - 200, exp: now - 100 })),
    "12 of tomorrow": signer.sign(claims({ iat: now + 86_400, exp: now + 86_460 })),
    "13 iss is not sub": signer.sign(claims({ iss: "api" })),
    "13 sub is not iss": signer.sign(claims({ sub: "api" })),
    "14 no aud": signer.sign(claims({ aud: undefined })),
    "14 aud of a number": signer.sign(claims({ aud: 1 })),
    "15 two audiences": signer.sign(claims({ aud: [url, "https://as.acme.test"] })),
    "16 for another server": signer.sign(claims({ aud: "https://as.acme.test" })),
    "20 no jti": signer.sign(claims({ jti: undefined })),
  };
  for (const [name, token] of Object.entries(hostile)) {
    const { status, body } = await present(started, { grant, token: await token });
    assertEquals({ status, error: body.error }, refused, name);
  }
  const misnamed = await present(started, { grant, token: sound, client_id: "api" });
  assertEquals(misnamed.status, 401);
  assertEquals((await present(started, { grant, token: sound })).status, 200);
});

Deno.test("threat 19: private_key_jwt takes the issuer as audience, as one string and nothing like it", async () => {
  await using started = listeningIssuer({ path: "/id" });
  const signer = await createSigner("k1");
  await registerKey(started, signer);
  const { url } = started;
  for (
    const aud of [`${url}/token`, [url], [`${url}/token`, url], `${url}/`, new URL(url).origin]
  ) {
    const token = await signer.sign(assertionClaims(url, { aud }));
    assertEquals((await present(started, { grant, token })).status, 401, JSON.stringify(aud));
  }
  const token = await signer.sign(assertionClaims(url));
  assertEquals((await present(started, { grant, token })).status, 200);
});

Deno.test("threat 20: of 50 equal assertions at two isolates of one KV exactly one wins", async () => {
  const kv = memoryKv();
  await using one = startIssuer({ kv }), two = startIssuer({ kv });
  const signer = await createSigner("k1");
  await registerKey(one, signer);
  const claims = { now: one.clock.now, jti: "once" };
  const token = await signer.sign(assertionClaims(one.url, claims));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => present(at % 2 ? one : two, { grant, token })),
  );
  assertEquals(answers.filter(({ status }) => status === 200).length, 1);
  assertEquals(answers.filter(({ status }) => status === 401).length, 49);

  await registerKey(one, signer, { id: "api", app: "api" });
  const namesake = await signer.sign(assertionClaims(one.url, { ...claims, workload: "api" }));
  assertEquals((await present(two, { grant, token: namesake })).status, 200, "same jti elsewhere");
});

Deno.test("threat 24: a revoked public key ends at once here and within 60 s on another isolate", async () => {
  const kv = memoryKv();
  await using one = startIssuer({ kv });
  await using two = startIssuer({ kv, now: () => one.clock.now });
  const signer = await createSigner("k1");
  const id = await registerKey(one, signer);
  const fresh = () => signer.sign(assertionClaims(one.url, { now: one.clock.now }));
  assertEquals((await present(two, { grant, token: await fresh() })).status, 200);
  const removed = await one.admin("DELETE", `workloads/web/credentials/${id}`);
  assertEquals(removed.status, 204);
  assertEquals((await present(one, { grant, token: await fresh() })).status, 401);
  one.clock.now += 60_001;
  assertEquals((await present(two, { grant, token: await fresh() })).status, 401);
});

Deno.test("threat 51: every refused assertion looks alike, of an unknown workload too", async () => {
  await using started = listeningIssuer();
  const signer = await createSigner("k1"), stranger = await createSigner("k1");
  await registerKey(started, signer);
  const used = await signer.sign(assertionClaims(started.url));
  assertEquals((await present(started, { grant, token: used })).status, 200);
  const tokens = [
    used,
    await stranger.sign(assertionClaims(started.url)),
    await signer.sign(assertionClaims(started.url, { workload: "nobody" })),
    await signer.sign(assertionClaims("https://as.acme.test")),
    "not.a.token",
  ];
  const answers = new Set<string>();
  for (const token of tokens) {
    answers.add(JSON.stringify(await present(started, { grant, token })));
  }
  assertEquals(answers.size, 1, [...answers].join("\n"));
  assertStringIncludes([...answers][0]!, "invalid_client");
});
