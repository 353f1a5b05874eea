import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import type { IssuerEvent } from "../../issuer/issuer_event.ts";
import { type MintedToken, tokenReuse } from "../../issuer/reuse_tokens.ts";
import { builtInProfiles } from "../../issuer/profiles.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";

const cloud = "sts.amazonaws.com";

async function tokenOf(started: StartedIssuer, secret: string, query: Record<string, string> = {}) {
  const response = await started.token(secret, { audience: cloud, ...query });
  assertEquals(response.status, 200);
  return (await response.json()).value as string;
}

Deno.test("a burst of one workload for one cloud audience gets one token from one signature", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const burst = Array.from({ length: 50 }, () => tokenOf(started, secret));
  const first = new Set(await Promise.all(burst));
  assertEquals(first.size, 1);
  started.clock.now += 9_000;
  assert(first.has(await tokenOf(started, secret)));
  started.clock.now += 1_000;
  assert(!first.has(await tokenOf(started, secret)), "after the window");
});

Deno.test("a token that is given again has its own event each time, and says how long it still lives", async () => {
  const issued: unknown[] = [];
  const onEvent = (event: IssuerEvent) => {
    if (event.type === "token") issued.push([event.decision, event.jti]);
  };
  await using started = startIssuer({ onEvent });
  const secret = await started.register();
  const ask = async () => {
    const response = await started.get("/token", {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      body: new URLSearchParams({ grant_type: "client_credentials", audience: cloud }),
    });
    return await response.json();
  };
  const first = await ask();
  started.clock.now += 9_000;
  const again = await ask();
  assertEquals(again.access_token, first.access_token);
  assertEquals([first.expires_in, again.expires_in], [300, 291]);
  const { jti } = decodeJwt(first.access_token);
  assertEquals(issued, [["issued", jti], ["issued", jti]]);
});

Deno.test("answers with the same token are each caller's own", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const ask = (audience = cloud) => started.token(secret, { audience });
  const [first, second, unread] = [await ask(), await ask(), await ask()];
  first.headers.set("x-touched", "yes");
  const { value } = await first.json();
  assertEquals([second.bodyUsed, second.headers.get("x-touched")], [false, null]);
  assertEquals((await second.json()).value, value);
  await unread.body?.cancel();
  const third = await ask();
  assertEquals((await third.json()).value, value);
});

Deno.test("an answer given again has on the wire the headers of one given once", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    return started.issuer.handle(request);
  });
  const ask = async (audience: string) => {
    const url = `http://127.0.0.1:${server.addr.port}/token?audience=${audience}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${secret}` } });
    await response.json();
    return [...response.headers].filter(([name]) => !["date", "content-length"].includes(name));
  };
  const once = await ask("https://api.example");
  assertEquals([await ask(cloud), await ask(cloud)], [once, once]);
  assert(once.some(([name]) => name === "content-type"));
});

Deno.test("token endpoint reuses no token past 5 % of its life, nor where the clock went back", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const first = await tokenOf(started, secret, { ttl: "60" });
  started.clock.now += 2_999;
  assertEquals(await tokenOf(started, secret, { ttl: "60" }), first);
  started.clock.now += 1;
  const second = await tokenOf(started, secret, { ttl: "60" });
  assertNotEquals(second, first);
  started.clock.now -= 1_000;
  assertNotEquals(await tokenOf(started, secret, { ttl: "60" }), second);
});

Deno.test("token endpoint gives a fresh token to any audience but those of the five clouds", async () => {
  await using started = startIssuer({
    profiles: [{ name: "mine", audiences: ["https://my.example"] }],
  });
  const secret = await started.register();
  for (const audience of ["https://api.example", "https://my.example"]) {
    const ask = () => tokenOf(started, secret, { audience });
    assertNotEquals(await ask(), await ask());
  }
  assertEquals(
    builtInProfiles.filter(({ reuseSeconds }) => reuseSeconds === 10).map(({ name }) => name),
    ["aws", "gcp", "azure", "vault", "kubernetes"],
  );
});

Deno.test("token endpoint shares no token between requests whose claims would differ", async () => {
  await using started = startIssuer();
  const web = await started.register();
  const job = await started.register({ id: "job", app: "job" });
  const added = await started.admin("POST", "workloads/web/credentials", {
    ...{ type: "request_token", deployment: "d1" },
  });
  const { secret: deployed } = await added.json();
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const tokens = [
    await tokenOf(started, web),
    await tokenOf(started, job),
    await tokenOf(started, deployed),
    await tokenOf(started, web, { ttl: "299" }),
    await tokenOf(started, web, { roles: role("a") }),
    await tokenOf(started, web, { roles: `${role("a")} ${role("b")}` }),
    await tokenOf(started, web, { session_tags: "org" }),
    await tokenOf(started, web, { source_identity: "org" }),
  ];
  assertEquals(new Set(tokens).size, tokens.length);
  assertEquals(decodeJwt(tokens[2]!).deployment_id, "d1");
});

Deno.test("token endpoint gives a token of the new claims and the new key at once", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  const first = await tokenOf(started, secret);
  const { headers } = await started.admin("GET", "workloads/web");
  const ifMatch = {
    "if-match": headers.get("etag")!,
    "content-type": "application/merge-patch+json",
  };
  const patched = await started.admin("PATCH", "workloads/web", { claims: { team: "a" } }, ifMatch);
  assertEquals(patched.status, 200);
  const second = await tokenOf(started, secret);
  assertEquals(decodeJwt(second).team, "a");
  const { kid } = decodeProtectedHeader(first);
  assertEquals((await started.admin("DELETE", `keys/${kid}`)).ok, true);
  assertNotEquals(decodeProtectedHeader(await tokenOf(started, secret)).kid, kid);
});

Deno.test("token exchange uses up each single-use token and shares only between equal facts", async () => {
  const network = platformNetwork();
  const platform = await network.add("https://token.actions.githubusercontent.com");
  await using started = startIssuer({ fetch: network.fetch });
  const pins = { repository_id: "1", repository_owner_id: "2", environment: "production" };
  const rule = { issuer: platform.url, audience: started.url, claims: pins };
  const workload = { trust: [rule] };
  await started.register(workload);
  const iat = Math.floor(started.clock.now / 1000);
  const presented = (jti: string, sha: string) =>
    platform.sign({ ...pins, aud: started.url, sub: "repo:a/b", iat, exp: iat + 300, jti, sha });
  const exchange = (subject_token: string) =>
    started.get("/token", {
      method: "POST",
      body: new URLSearchParams({
        ...{ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", subject_token },
        ...{ subject_token_type: "urn:ietf:params:oauth:token-type:jwt", audience: cloud },
      }),
    });
  const [one, two, other] = await Promise.all(
    [presented("1", "aa"), presented("2", "aa"), presented("3", "bb")],
  );
  const tokens = [];
  for (const token of [one!, two!, other!]) {
    tokens.push((await (await exchange(token)).json()).access_token);
  }
  assertEquals(tokens[0], tokens[1]);
  assertNotEquals(tokens[0], tokens[2]);
  assertEquals((await exchange(one!)).status, 400, "a replay");
});

Deno.test("tokenReuse keeps no failure and no more than its bound", async () => {
  const reuse = tokenReuse(() => 1_000_000);
  const minted = (token: string): MintedToken => ({
    ...{ token, kid: "k", claims: { iat: 1_000, exp: 1_300 }, reusable: true },
  });
  const wanted = { key: "a", seconds: 10 };
  await assertRejects(async () => await reuse(wanted, () => Promise.reject(new Error("no"))));
  assertEquals((await reuse(wanted, async () => await minted("1"))).token, "1");
  for (let i = 0; i < 2_000; i++) {
    await reuse({ key: `b${i}`, seconds: 10 }, async () => await minted("2"));
  }
  assertEquals((await reuse(wanted, async () => await minted("3"))).token, "3");
});
