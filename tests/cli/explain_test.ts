import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { run } from "./_support.ts";

const claims = { org_id: "729adb8f", app_id: "16ad21d8", context_name: "production" };

Deno.test("explain tells of a real issuer's refusal which claim differed, and never the token", async () => {
  const network = platformNetwork();
  const platform = await network.add("https://oidc.deno.com");
  await using started = startIssuer({ fetch: network.fetch });
  const rule = { issuer: platform.url, audience: started.url, claims };
  await started.register({ trust: [rule] });
  const iat = Math.floor(started.clock.now / 1000);
  const sign = (change: Record<string, unknown>) =>
    platform.sign({ ...claims, iat, exp: iat + 300, sub: "x", aud: started.url, ...change });
  const explain = (token: string) =>
    run(["explain", "-"], {
      stdin: token,
      env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken },
      fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
    });
  const preview = await sign({ context_name: "preview" });
  const refused = await explain(preview);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stdout, "Nearest: trust rule 0 of workload web. What differs:");
  assertStringIncludes(refused.stdout, "context_name");
  assertStringIncludes(refused.stderr, "no rule for its issuer accepts its claims");
  const forged = (await sign({})).slice(0, -8) + "AAAAAAAA";
  const wrong = await explain(forged);
  assertStringIncludes(wrong.stdout, "What it says meets trust rule 0 of workload web.");
  assertStringIncludes(wrong.stderr, "its signature is wrong");
  const taken = await explain(await sign({}));
  assertEquals([taken.code, taken.stdout.trim()], [0, "accepted for workload web"]);
  const unread = await explain("notatoken");
  assertStringIncludes(unread.stderr, "next:  Pass the platform's token as it came");
  for (const { stdout, stderr } of [refused, wrong, taken]) {
    assertEquals((stdout + stderr).includes(preview.split(".")[1]!), false);
  }
});

Deno.test("explain --rule tries a rule that is not saved, condition by condition", async () => {
  const network = platformNetwork();
  const platform = await network.add("https://oidc.deno.com");
  await using started = startIssuer({ fetch: network.fetch });
  const iat = Math.floor(started.clock.now / 1000);
  const token = await platform.sign({ ...claims, iat, exp: iat + 300, sub: "x", aud: started.url });
  const explain = (rule: unknown, args: readonly string[] = []) =>
    run(["explain", "-", "--rule", "rule.json", ...args], {
      stdin: token,
      terminal: 80,
      texts: { "rule.json": JSON.stringify(rule) },
      env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken, NO_COLOR: "1" },
      fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
    });
  const good = { preset: "deno-deploy", appId: "16ad21d8", context: "production" };
  const taken = await explain(good);
  assertEquals(taken.code, 0, taken.stderr);
  assertStringIncludes(taken.stdout, "accepted by this rule, which is not saved");
  const refused = await explain([{ ...good, context: "Production" }]);
  assertEquals(refused.code, 1);
  assertMatch(refused.stdout, /^no +context_name +"Production" +"production"$/m);
  assertStringIncludes(refused.stdout, "context_name: only upper and lower case differ.");
  assertStringIncludes(refused.stderr, "the rule does not accept its claims");
  const faulty = await explain({ preset: "deno-deploy", app_id: "x" });
  assertEquals(faulty.code, 1);
  assertStringIncludes(
    faulty.stderr,
    "--rule (/rule/app_id): is no parameter of preset deno-deploy",
  );
  const several = await explain([good, good]);
  assertEquals(several.code, 2);
  for (const line of (taken.stdout + refused.stdout).split("\n")) assert(line.length <= 80, line);
  const json = await explain(good, ["--json"]);
  assertEquals(JSON.parse(json.stdout).conditions.length, 4);
  for (const { stdout, stderr } of [taken, refused, faulty, several, json]) {
    assertEquals((stdout + stderr).includes(token.split(".")[1]!), false);
  }
  assertEquals((await (await started.admin("GET", "workloads")).json()).workloads, []);
  const both = await run(["explain", "-", "--rule", "-"], {
    env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken },
  });
  assertEquals(both.code, 2);
});
