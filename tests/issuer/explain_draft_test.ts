import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { IssuerEvent } from "../../issuer/issuer_event.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { startIssuer } from "../_support/start_issuer.ts";

const deployClaims = {
  org_id: "729adb8f",
  app_id: "16ad21d8",
  context_name: "production",
  sub: "deployment:acme/web/production",
};
const draft = { preset: "deno-deploy", appId: "16ad21d8", context: "production" };

async function start() {
  const network = platformNetwork();
  const platform = await network.add("https://oidc.deno.com");
  const events: IssuerEvent[] = [];
  const kv = memoryKv();
  const started = startIssuer({
    kv,
    fetch: network.fetch,
    onEvent: (event) => void events.push(event),
  });
  const sign = (change: Record<string, unknown> = {}) => {
    const iat = Math.floor(started.clock.now / 1000);
    return platform.sign({
      ...{ ...deployClaims, aud: started.url, iat, exp: iat + 300, jti: "j1" },
      ...change,
    });
  };
  const explain = async (body: Record<string, unknown>) =>
    await (await started.admin("POST", "explain", body)).json();
  return { started, kv, network, platform, events, sign, explain };
}

async function everything(kv: ReturnType<typeof memoryKv>): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }, { limit: 1000 }));
  return JSON.stringify(
    entries.map(({ key, value }) => [key, new TextDecoder().decode(value as Uint8Array)]),
  );
}

Deno.test("explain tries a rule that is not saved and says of every condition whether it holds", async () => {
  const it = await start();
  await using started = it.started;
  const accepted = await it.explain({ token: await it.sign(), rule: draft });
  assertEquals(accepted.verdict, "accepted");
  assertEquals(accepted.rule.claims, { app_id: "16ad21d8", context_name: "production" });
  assertEquals(
    accepted.conditions.map(({ claim, matches }: Record<string, unknown>) => [claim, matches]),
    [["iss", true], ["aud", true], ["app_id", true], ["context_name", true]],
  );
  const preview = await it.sign({ context_name: "Production" });
  const refused = await it.explain({ token: preview, rule: draft });
  assertEquals([refused.verdict, refused.reason], ["refused", "no_rule_matches"]);
  assertEquals(refused.conditions.at(-1), {
    claim: "context_name",
    expected: "production",
    found: "Production",
    matches: false,
    why: "only upper and lower case differ",
  });
  const written = {
    issuer: it.platform.url,
    audience: started.url,
    claims: { app_id: "16ad21d8" },
  };
  const own = await it.explain({ token: await it.sign(), rule: written });
  assertEquals(own.verdict, "accepted");
  assert(own.warnings.length > 0 && !own.warnings[0].startsWith("trust rule"));
});

Deno.test("explain of a draft verifies the token as the saved rule would, and uses nothing up", async () => {
  const it = await start();
  await using started = it.started;
  const token = await it.sign();
  const tokens = [
    token,
    token.slice(0, -8) + "AAAAAAAA",
    await it.sign({ aud: "https://elsewhere.test" }),
    await it.sign({ exp: Math.floor(started.clock.now / 1000) - 3600 }),
    await it.sign({ context_name: "preview" }),
    "no token",
  ];
  const drafts = await Promise.all(tokens.map((token) => it.explain({ token, rule: draft })));
  await started.register({ trust: [draft] });
  const saved = await Promise.all(tokens.map((token) => it.explain({ token })));
  assertEquals(drafts.map(({ verdict }) => verdict), saved.map(({ verdict }) => verdict));
  assertEquals(drafts.map(({ reason }) => reason), saved.map(({ reason }) => reason));
  assertEquals(drafts.filter(({ verdict }) => verdict === "accepted").length, 1);
  const exchanged = await started.get("/token", {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: token,
      audience: "vault",
    }),
  });
  assertEquals(exchanged.status, 200);
});

Deno.test("explain of a draft names the workloads that accept the token already", async () => {
  const it = await start();
  await using started = it.started;
  await started.register({ trust: [draft] });
  const { verdict, workloads } = await it.explain({ token: await it.sign(), rule: draft });
  assertEquals([verdict, workloads], ["accepted", ["web"]]);
});

Deno.test("explain of a draft asks no issuer but the draft's own", async () => {
  const it = await start();
  await using started = it.started;
  const stranger = await it.network.add("https://evil.test");
  const iat = Math.floor(started.clock.now / 1000);
  const token = await stranger.sign({ ...deployClaims, aud: started.url, iat, exp: iat + 60 });
  const answer = await it.explain({ token, rule: draft });
  assertEquals([answer.verdict, answer.reason], ["refused", "issuer_not_trusted"]);
  assertEquals(answer.conditions[0].matches, false);
  assertEquals([stranger.requests.count, it.platform.requests.count], [0, 0]);
});

Deno.test("explain refuses a draft that could not be saved, with the place of every fault", async () => {
  const it = await start();
  await using started = it.started;
  const token = await it.sign();
  const post = (body: unknown) => started.admin("POST", "explain", body);
  for (
    const [rule, pointer] of [
      [{ issuer: it.platform.url, audience: started.url, claims: {} }, "/rule/claims"],
      [{ preset: "no-such" }, "/rule/preset"],
      [{ ...draft, misspelt: "x" }, "/rule/misspelt"],
      [{ issuer: started.url, audience: started.url, claims: { sub: "x" } }, "/rule/issuer"],
      [[], "/rule"],
      [null, "/rule"],
    ] as const
  ) {
    const answer = await post({ token, rule });
    assertEquals(answer.status, 400);
    const { errors } = await answer.json();
    assertEquals(errors[0].pointer, pointer);
  }
  const misspelt = await post({ token, rules: draft });
  assertEquals(misspelt.status, 400);
  assertStringIncludes((await misspelt.json()).detail, '"rule"');
});

Deno.test("explain keeps no presented token in an event, the audit log or the store", async () => {
  const it = await start();
  await using started = it.started;
  await started.register();
  const tokens = [await it.sign(), await it.sign({ context_name: "preview" })];
  const answers: string[] = [];
  for (const token of tokens) {
    for (const body of [{ token, rule: draft }, { token, rule: { preset: "none" } }, { token }]) {
      answers.push(await (await started.admin("POST", "explain", body)).text());
    }
  }
  assert((await everything(it.kv)).length > 100);
  const audit = await (await started.admin("GET", "audit")).text();
  assertEquals(JSON.parse(audit).events.length, 2);
  const kept = [...answers, audit, JSON.stringify(it.events), await everything(it.kv)].join("\n");
  assert(it.events.length > 0);
  for (const token of tokens) {
    const [, payload, signature] = token.split(".");
    assert(!kept.includes(payload!) && !kept.includes(signature!));
  }
});
