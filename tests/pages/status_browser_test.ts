import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SignJWT } from "jose";
import { setupAws } from "../../setup/aws.ts";
import { listeningIssuer, type ListenOptions } from "../_support/listening_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { accessibilityFaults, browserTest, until, watchedPage } from "./_browser.ts";

const looks = [{ width: 1280, dark: false }, { width: 390, dark: true }];

const names = "org=acme&app=web&context=production";

function start(options: ListenOptions = {}): StartedIssuer & { origin: string } {
  const started = listeningIssuer({ path: "/id", ...options });
  return { ...started, origin: new URL(started.url).origin };
}

async function vaultToken(started: StartedIssuer): Promise<string> {
  const secret = await started.register();
  return (await (await started.token(secret, { audience: "vault" })).json()).value;
}

browserTest(
  "the pages are accessible, light on a desktop and dark on a phone, and never scroll sideways",
  async (browser) => {
    await using started = start();
    const token = await vaultToken(started);
    for (const look of looks) {
      await using watched = await watchedPage(browser, { origin: started.origin, ...look });
      const { page, faults } = watched;
      for (
        const path of [
          "/",
          "/trust",
          `/trust?vendor=aws&${names}&accountId=123456789012`,
          "/trust?vendor=gcp&org=A",
        ]
      ) {
        await page.goto(started.url + path);
        if (path === "/") {
          await page.getByLabel("Token", { exact: true }).fill(token);
          await page.locator("#claims table").first().waitFor();
        }
        assertEquals(await accessibilityFaults(page), [], `${path} ${JSON.stringify(look)}`);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        assert(Number(width) <= look.width, `${path} is ${width} wide at ${look.width}`);
      }
      assertEquals(faults, []);
    }
  },
);

browserTest(
  "the inspector verifies here and sends nothing: no request but the public keys",
  async (browser) => {
    await using started = start();
    const token = await vaultToken(started);
    await using watched = await watchedPage(browser, { origin: started.origin });
    const { page, requests, faults } = watched;
    await page.goto(`${started.url}/`);
    const before = requests.length;
    const field = page.getByLabel("Token", { exact: true });
    const verdict = page.locator("#verdict");

    await field.fill(token);
    await verdict.getByText("Valid.", { exact: true }).waitFor();
    assertStringIncludes(
      await page.locator("#claims").innerText(),
      "deployment:acme/web/production",
    );
    assertStringIncludes(await page.locator("#claims").innerText(), "Whom it is for");

    const [header, claims, signature] = token.split(".") as [string, string, string];
    await field.fill(`${header}.${claims}.${signature.slice(0, -6)}AAAAAA`);
    await verdict.getByText("The signature is wrong").waitFor();

    const foreign = await new SignJWT({
      iss: "https://other.test",
      note: "<img src=x onerror=alert(1)>",
    })
      .setProtectedHeader({ alg: "HS256" }).sign(new Uint8Array(32));
    await field.fill(foreign);
    await verdict.getByText("Another issuer made it").waitFor();
    assertEquals(await page.locator("#claims img").count(), 0);

    await field.fill("signet_rt_secret");
    await verdict.getByText("a secret").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    assertEquals(await field.inputValue(), "");
    assertEquals(await verdict.innerText(), "");

    const sent = requests.slice(before).filter(({ url }) => !url.endsWith("/icon.svg"));
    assertEquals(
      [...new Set(sent.map(({ method, url, body }) => `${method} ${url} ${body}`))],
      [`GET ${started.url}/.well-known/jwks.json null`],
    );
    assertEquals(page.url(), `${started.url}/`);
    assertEquals(await page.evaluate("localStorage.length + sessionStorage.length"), 0);
    assertEquals(faults, []);
  },
);

browserTest("the inspector verifies ES256 and EdDSA tokens with WebCrypto", async (browser) => {
  const profiles = [
    { name: "es", audiences: ["https://es.test"], alg: "ES256" },
    { name: "ed", audiences: ["https://ed.test"], alg: "EdDSA" },
  ] as const;
  await using started = start({ profiles });
  const secret = await started.register();
  await using watched = await watchedPage(browser, { origin: started.origin });
  const { page, faults } = watched;
  await page.goto(`${started.url}/`);
  for (const { audiences: [audience] } of profiles) {
    const { value } = await (await started.token(secret, { audience })).json();
    await page.getByLabel("Token", { exact: true }).fill(value);
    await page.locator("#claims").getByText(audience, { exact: true }).waitFor();
    await page.locator("#verdict").getByText("Valid.", { exact: true }).waitFor();
  }
  assertEquals(faults, []);
});

browserTest("the pages do their work without JavaScript", async (browser) => {
  await using started = start();
  await using watched = await watchedPage(browser, { origin: started.origin, javaScript: false });
  const { page, faults } = watched;
  await page.goto(`${started.url}/`);
  assert(await page.locator("noscript p").isVisible());
  await page.getByRole("link", { name: "AWS" }).click();
  await page.getByLabel("Organization").fill("acme");
  await page.getByLabel("App", { exact: true }).fill("web");
  await page.getByLabel("Context", { exact: true }).fill("production");
  await page.getByLabel("Account ID").fill("12");
  await page.getByRole("button", { name: "Show the commands" }).click();
  assert(await page.getByText("must be 12 digits").isVisible());
  assertEquals(await page.getByLabel("Organization").inputValue(), "acme");
  await page.getByLabel("Account ID").fill("123456789012");
  await page.getByRole("button", { name: "Show the commands" }).click();
  const workload = { org: "acme", app: "web", context: "production" };
  const plan = setupAws({ issuer: started.url, workload }, { accountId: "123456789012" });
  const shown = page.getByRole("region", { name: "Commands", exact: true });
  assertEquals(await shown.textContent(), plan.cli);
  await page.getByText("Terraform", { exact: true }).click();
  const terraform = page.getByRole("region", { name: "Terraform", exact: true });
  assertEquals(await terraform.textContent(), plan.terraform);
  assertEquals(faults, []);
});

browserTest("a copy button copies exactly what its block holds", async (browser) => {
  await using started = start();
  await using watched = await watchedPage(browser, { origin: started.origin });
  const { page, context, faults } = watched;
  await context.grantPermissions(["clipboard-write"], { origin: started.origin });
  await page.goto(`${started.url}/trust?vendor=aws&${names}&accountId=123456789012`);
  await page.getByRole("button", { name: "Copy: Environment" }).click();
  await page.getByText("Copied").waitFor();
  const text = await page.getByRole("region", { name: "Environment" }).textContent();
  await page.goto(`${started.url}/`);
  await page.getByLabel("Token", { exact: true }).focus();
  await page.keyboard.press("Control+V");
  assertEquals(await page.getByLabel("Token", { exact: true }).inputValue(), text);
  assertEquals(faults, []);
});

browserTest("a keyboard reaches the content first, then everything in order", async (browser) => {
  await using started = start();
  await using watched = await watchedPage(browser, { origin: started.origin });
  const { page } = watched;
  await page.goto(`${started.url}/trust?vendor=vault`);
  await page.keyboard.press("Tab");
  assertEquals(await page.evaluate("document.activeElement.textContent"), "Skip to the content");
  await page.keyboard.press("Enter");
  assertEquals(await page.evaluate("document.activeElement.id"), "main");
  await page.getByLabel("Organization").focus();
  for (const text of ["acme", "web", "production"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByLabel("Context", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The plan for Vault" }).waitFor();
  const picture = page.getByRole("img", { name: "Timeline of the keys" });
  await page.goto(`${started.url}/`);
  assertStringIncludes(await picture.textContent() ?? "", "is active");
});

browserTest(
  "the watch over a page sees what it must: foreign requests, inline scripts, HTML from text",
  async (browser) => {
    await using started = start();
    const attacks = {
      "policy: connect-src": "fetch('https://example.com/').catch(() => {})",
      "policy: script-src": "import(location.origin + '/other.js').catch(() => {})",
      "policy: style-src": "document.body.setAttribute('style', 'color:red')",
      "policy: require-trusted-types": "document.body.innerHTML = '<b>x</b>'",
      "accessibility": "document.querySelector('main').append(document.createElement('input'))",
      "exception": "setTimeout(() => { throw new Error('seen') })",
    };
    for (const [expected, attack] of Object.entries(attacks)) {
      await using watched = await watchedPage(browser, { origin: started.origin });
      await watched.page.goto(`${started.url}/`);
      assertEquals(watched.faults, []);
      await watched.page.evaluate(attack).catch(() => {});
      if (expected === "accessibility") {
        const found = await accessibilityFaults(watched.page);
        watched.faults.push(...found.map((fault) => `accessibility: ${fault}`));
      }
      await until(
        expected,
        () => watched.faults.some((fault) => fault.startsWith(expected)),
      );
    }
  },
);
