import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { adminToken, type StartedIssuer } from "../_support/start_issuer.ts";
import { accessibilityFaults, browserTest, until, watchedPage } from "./_browser.ts";

const hostile = `<img src=x onerror="alert(1)">`;

async function signedIn(browser: Browser, started: StartedIssuer, look = {}) {
  const watched = await watchedPage(browser, { origin: new URL(started.url).origin, ...look });
  const { page } = watched;
  await page.goto(`${started.url}/console`);
  await page.getByLabel("Admin token").fill(adminToken);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Workloads" }).waitFor();
  return watched;
}

async function open(page: Page, view: string, heading: string) {
  await page.evaluate(`location.hash = ${JSON.stringify(view)}`);
  await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
}

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

browserTest(
  "the console signs in with the admin token and keeps it in memory alone",
  async (browser) => {
    await using started = listeningIssuer({ path: "/id" });
    await using watched = await watchedPage(browser, { origin: new URL(started.url).origin });
    const { page, context, requests, faults, expectStatus } = watched;
    expectStatus(401);
    await page.goto(`${started.url}/console`);
    assertEquals(await accessibilityFaults(page), []);
    await page.getByLabel("Admin token").fill("wrong-token-wrong-token-wrong-token-wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("does not know this token").waitFor();

    await page.getByLabel("Admin token").fill(adminToken);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Workloads" }).waitFor();
    const kept = await page.evaluate(
      "document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])",
    );
    assert(!String(kept).includes(adminToken));
    assertEquals(await context.cookies(), []);
    assert(
      !requests.some(({ url, body }) => url.includes(adminToken) || body?.includes(adminToken)),
    );

    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Admin token").fill(adminToken);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Signed out.").waitFor();
    await page.goBack().catch(() => {});
    assertEquals(await page.getByRole("heading", { name: "Workloads" }).count(), 0);
    assertEquals(faults, []);
  },
);

browserTest(
  "the console makes, changes and deletes a workload, and shows each call",
  async (browser) => {
    await using started = listeningIssuer({ path: "/id" });
    await using watched = await signedIn(browser, started);
    const { page, requests, faults, expectStatus } = watched;
    expectStatus(400);
    await page.getByRole("link", { name: "New workload" }).click();
    for (
      const [label, value] of [["ID", "web"], ["Org", "Acme"], ["App", "web"], [
        "Context",
        "production",
      ]]
    ) {
      await page.getByLabel(label!, { exact: true }).fill(value!);
    }
    await page.getByLabel("Audiences").fill("vault\nhttps://api.acme.test/*");
    await page.getByLabel("Extra claims").fill(JSON.stringify({ team: hostile }));
    await page.getByRole("button", { name: "Create the workload" }).click();
    await page.getByRole("alert").getByText("/org").waitFor();
    await page.getByLabel("Org", { exact: true }).fill("acme");
    await page.getByText("API call").click();
    const shown = await section(page, "API call").innerText();
    await page.getByRole("button", { name: "Create the workload" }).click();
    await page.getByRole("heading", { name: "web", exact: true }).waitFor();
    await page.getByText("Workload web is there.").waitFor();
    const sent = requests.findLast(({ method }) => method === "POST")!;
    assertStringIncludes(shown, `-X POST ${sent.url}`);
    assertStringIncludes(shown, sent.body!);
    assert(!shown.includes(adminToken));

    const edit = section(page, "What it may ask for");
    await edit.getByLabel("Audiences").fill("vault");
    await edit.getByLabel("Extra claims").fill(`{"region":"eu"}`);
    await edit.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const patch = requests.findLast(({ method }) => method === "PATCH")!;
    assertEquals(JSON.parse(patch.body!), {
      audiences: ["vault"],
      claims: { team: null, region: "eu" },
    });
    const stored = await (await started.admin("GET", "workloads/web")).json();
    assertEquals([stored.audiences, stored.claims], [["vault"], { region: "eu" }]);

    await page.getByRole("button", { name: "Delete the workload…" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete the workload" });
    assert(await confirm.isDisabled());
    await dialog.getByRole("textbox").fill("web");
    await confirm.click();
    await page.getByText("Workload web is deleted.").waitFor();
    assertEquals((await started.admin("GET", "workloads/web")).status, 404);
    assertEquals(faults, []);
  },
);

browserTest(
  "the console loses nothing when somebody else was faster (If-Match)",
  async (browser) => {
    await using started = listeningIssuer({ path: "/id" });
    await started.register({ audiences: ["vault"] });
    await using watched = await signedIn(browser, started);
    const { page, faults, expectStatus } = watched;
    expectStatus(412);
    await open(page, "workloads/web", "web");
    const etag = (await started.admin("GET", "workloads/web")).headers.get("etag")!;
    const other = { claims: { by: "somebody" } };
    assertEquals(
      (await started.admin("PATCH", "workloads/web", other, { "if-match": etag })).status,
      200,
    );
    const edit = section(page, "What it may ask for");
    await edit.getByLabel("Extra claims").fill(`{"by":"me"}`);
    await edit.getByRole("button", { name: "Save" }).click();
    await edit.getByRole("alert").getByText("it changed since you read it").waitFor();
    assertEquals((await (await started.admin("GET", "workloads/web")).json()).claims, other.claims);
    await page.getByRole("button", { name: "Load it" }).click();
    const claims = edit.getByLabel("Extra claims");
    await until(
      "what is there now",
      async () => (await claims.inputValue()).includes("somebody"),
    );
    assertEquals(faults, []);
  },
);

browserTest("the console shows a secret once, and the secret works", async (browser) => {
  await using started = listeningIssuer({ path: "/id" });
  await started.register({ audiences: ["vault"] });
  await using watched = await signedIn(browser, started);
  const { page, faults } = watched;
  await open(page, "workloads/web", "web");
  const credentials = section(page, "Credentials");
  await credentials.getByRole("button", { name: "Add the credential" }).click();
  const secret = await section(page, "Secret").innerText();
  assertEquals((await started.token(secret, { audience: "vault" })).status, 200);
  assertEquals(await accessibilityFaults(page), []);
  await credentials.getByRole("button", { name: "I have stored it" }).click();
  assert(!(await page.content()).includes(secret));
  await open(page, "keys", "Keys");
  await open(page, "workloads/web", "web");
  assert(!(await page.content()).includes(secret));

  const rows = credentials.getByRole("row");
  assertEquals(await rows.count(), 3);
  await rows.last().getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("is revoked").waitFor();
  assertEquals((await started.token(secret, { audience: "vault" })).status, 401);

  await credentials.getByLabel("Kind").selectOption("public_key");
  const { publicKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign"],
  );
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  await credentials.getByLabel("Public JWK").fill(JSON.stringify({ kty, crv, x, y }));
  await credentials.getByRole("button", { name: "Add the credential" }).click();
  await page.getByText("The public key is registered.").waitFor();
  assertEquals(faults, []);
});

browserTest(
  "the console adds a trust rule from a preset and tries a token against it",
  async (browser) => {
    const network = platformNetwork();
    const platform = await network.add("https://oidc.deno.com");
    await using started = listeningIssuer({ path: "/id", fetch: network.fetch });
    await started.register({ audiences: ["vault"] });
    await using watched = await signedIn(browser, started, { width: 390, dark: true });
    const { page, requests, faults, expectStatus } = watched;
    expectStatus(400);
    await open(page, "workloads/web", "web");
    const trust = section(page, "Trust rules");
    await trust.getByLabel("Platform").selectOption("deno-deploy");
    await trust.getByLabel("app", { exact: true }).fill("web");
    await trust.getByLabel("context", { exact: true }).fill("production");
    assertEquals(await accessibilityFaults(page), []);
    await trust.getByRole("button", { name: "Add the rule" }).click();
    await trust.getByRole("alert").waitFor();
    await trust.getByLabel("app", { exact: true }).fill("");
    await trust.getByLabel("appId", { exact: true }).fill("16ad21d8");
    await trust.getByRole("button", { name: "Add the rule" }).click();
    await page.getByText("Rule 0: Deno Deploy").waitFor();
    const { trust: [rule] } = await (await started.admin("GET", "workloads/web")).json();
    assertEquals(rule.claims, { app_id: "16ad21d8", context_name: "production" });

    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      aud: started.url,
      iat,
      exp: iat + 300,
      jti: "t1",
      sub: "deployment:acme/web/production",
    };
    const good = await platform.sign({ ...claims, ...rule.claims });
    const trial = section(page, "Try a token");
    await trial.getByLabel("Platform token").fill(good);
    await trial.getByRole("button", { name: "Try it" }).click();
    await trial.getByText("Accepted").waitFor();
    const bad = await platform.sign({ ...claims, ...rule.claims, context_name: hostile });
    await trial.getByLabel("Platform token").fill(bad);
    await trial.getByRole("button", { name: "Try it" }).click();
    await trial.getByText("context_name").waitFor();
    assertStringIncludes(await trial.innerText(), JSON.stringify(hostile));
    assertEquals(await page.locator("#console img").count(), 0);
    assert(requests.every(({ url }) => !url.includes(good)));
    assertEquals(await accessibilityFaults(page), []);

    await trust.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove the rule" }).click();
    await page.getByText("The rule is removed.").waitFor();
    assertEquals((await (await started.admin("GET", "workloads/web")).json()).trust, []);
    assertEquals(faults, []);
  },
);

browserTest(
  "the console tries a rule with a token before the rule is saved",
  async (browser) => {
    const network = platformNetwork();
    const platform = await network.add("https://oidc.deno.com");
    await using started = listeningIssuer({ path: "/id", fetch: network.fetch });
    await started.register({ audiences: ["vault"] });
    await using watched = await signedIn(browser, started, { width: 390 });
    const { page, requests, faults, expectStatus } = watched;
    expectStatus(400);
    await open(page, "workloads/web", "web");
    const trust = section(page, "Trust rules");
    await trust.getByLabel("Platform", { exact: true }).selectOption("deno-deploy");
    const trial = trust.getByRole("group", { name: "Try with a token" });
    const iat = Math.floor(Date.now() / 1000);
    const token = await platform.sign({
      ...{ iss: platform.url, aud: started.url, iat, exp: iat + 300, jti: "t1" },
      ...{ sub: "deployment:acme/web/production", app_id: "16ad21d8", context_name: hostile },
    });
    await trial.getByLabel("Token to try").fill(token);
    await trial.getByRole("button", { name: "Try the rule" }).click();
    await trial.getByRole("alert").getByText("/rule").first().waitFor();

    await trust.getByLabel("appId", { exact: true }).fill("16ad21d8");
    await trust.getByLabel("context", { exact: true }).fill("production");
    assertEquals(await trial.getByRole("alert").count(), 0);
    await trial.getByText("API call").click();
    const shown = await trial.getByRole("region", { name: "API call" }).innerText();
    await trial.getByRole("button", { name: "Try the rule" }).click();
    await trial.getByText("no_rule_matches").waitFor();
    const row = trial.getByRole("row").filter({ hasText: "context_name" });
    assertStringIncludes(await row.innerText(), "it is another value");
    assertStringIncludes(await row.innerText(), JSON.stringify(hostile));
    assertEquals(await page.locator("#console img").count(), 0);
    const sent = requests.findLast(({ url }) => url.endsWith("/admin/explain"))!;
    const { rule } = JSON.parse(sent.body!);
    assertEquals(rule, { preset: "deno-deploy", appId: "16ad21d8", context: "production" });
    assertStringIncludes(shown, JSON.stringify(rule));
    assert(!shown.includes(token.split(".")[1]!));
    assertEquals(await accessibilityFaults(page), []);

    await trust.getByLabel("context", { exact: true }).fill(hostile);
    assertEquals(await trial.getByText("no_rule_matches").count(), 0);
    await trial.getByRole("button", { name: "Try the rule" }).click();
    await trial.getByText("Accepted by this rule").waitFor();
    assertEquals(await accessibilityFaults(page), []);
    const width = await page.evaluate("document.documentElement.scrollWidth");
    assert(Number(width) <= 390, `${width}`);
    assert(requests.every(({ url }) => !url.includes(token)));
    assertEquals((await (await started.admin("GET", "workloads/web")).json()).trust, []);
    assertEquals(faults, []);
  },
);

browserTest(
  "the console rotates keys, and gives one up only after the issuer's name was typed",
  async (browser) => {
    await using started = listeningIssuer({ path: "/id" });
    await using watched = await signedIn(browser, started);
    const { page, requests, faults } = watched;
    await open(page, "keys", "Keys");
    assertEquals(await accessibilityFaults(page), []);
    await section(page, "Rotate").getByRole("button", { name: "Rotate" }).click();
    await page.getByText("Rotation is under way.").waitFor();

    await page.getByRole("button", { name: "Give up the active key…" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Give up the active key" });
    await dialog.getByRole("textbox").fill("something else");
    assert(await confirm.isDisabled());
    assertEquals(await accessibilityFaults(page), []);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert(!requests.some(({ body }) => body?.includes("emergency")));

    await page.getByRole("button", { name: "Give up the active key…" }).click();
    await dialog.getByRole("textbox").fill(started.url.replace("http://", ""));
    await confirm.click();
    await page.getByText("The active key is given up").waitFor();
    const { keys } = await (await started.admin("GET", "keys")).json();
    assert(keys.some(({ state }: { state: string }) => state === "compromised"));
    assertEquals(await page.getByText("compromised", { exact: true }).count(), 1);
    assertEquals(faults, []);
  },
);

browserTest(
  "the console filters the audit log and shows what an event changed",
  async (browser) => {
    await using started = listeningIssuer({ path: "/id" });
    await started.register({ claims: { note: hostile } });
    await started.register({ id: "worker", app: "worker" });
    await started.admin("POST", "keys/rotate", {});
    await using watched = await signedIn(browser, started, { dark: true });
    const { page, requests, faults } = watched;
    await open(page, "audit", "Audit");
    const rows = page.getByRole("row");
    const rowsAre = (count: number) =>
      until(`${count} rows`, async () => await rows.count() === count);
    await rowsAre(6);
    await page.getByLabel("From day").fill("2100-01-01");
    await page.getByText("No event.").waitFor();
    await page.getByLabel("From day").fill("");
    await page.getByLabel("Target contains").fill("web");
    await rowsAre(3);
    await page.getByText("API call").click();
    assertStringIncludes(await section(page, "API call").innerText(), "target=*web*");
    await page.getByLabel("Action").selectOption("workload.*");
    await rowsAre(2);
    await page.getByText("1 event, all that there are").waitFor();
    await page.getByLabel("To day").fill("2000-01-01");
    await page.getByText("No event.").waitFor();
    await page.getByLabel("To day").fill("2100-01-01");
    await rowsAre(2);
    assertEquals(requests.at(-1)!.url.includes(encodeURIComponent("workload.*")), true);
    await rows.last().getByText("after").click();
    await page.getByText(JSON.stringify(hostile)).waitFor();
    assertEquals(await page.locator("#console img").count(), 0);
    assertEquals(await accessibilityFaults(page), []);
    assertEquals(faults, []);
  },
);

browserTest("the console pages through many workloads", async (browser) => {
  await using started = listeningIssuer({ path: "/id" });
  for (let index = 0; index < 51; index++) {
    const id = `w${index}`;
    await started.admin("POST", "workloads", { id, org: "acme", app: id, context: "production" });
  }
  await using watched = await signedIn(browser, started, { width: 390 });
  const { page, faults } = watched;
  assertEquals(await page.getByRole("row").count(), 51);
  assertEquals(await accessibilityFaults(page), []);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByText("51 shown").waitFor();
  assertEquals(await page.getByRole("button", { name: "Show more" }).isVisible(), false);
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert(Number(width) <= 390, `${width}`);
  assertEquals(faults, []);
});
