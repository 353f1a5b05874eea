import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where the browser is: `SIGNET_TEST_CHROMIUM`, else Debian's place. */
const executablePath = Deno.env.get("SIGNET_TEST_CHROMIUM") ?? "/usr/bin/chromium";

/** Whether the tests must run here: CI says so. */
const isRequired = Deno.env.get("SIGNET_TEST_BROWSER") === "1";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Whether there is no browser to test in; says once how to get one. */
function lacksBrowser(): boolean {
  if (isRequired || exists(executablePath)) return false;
  if (!told) {
    console.log("Browser tests skipped: apt-get install chromium, or set SIGNET_TEST_CHROMIUM");
  }
  return told = true;
}

let told = false;

/** Chromium without anything that talks to its maker, one for a test file. */
function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      ...[
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-dev-shm-usage",
      ],
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

let shared: Promise<Browser> | undefined;

Deno.test.afterAll(async () => await (await shared)?.close());

/** A test in a real browser; the browser outlives it, so its leaks are not looked for. */
export function browserTest(name: string, run: (browser: Browser) => Promise<void>): void {
  const options = { name, ignore: lacksBrowser(), sanitizeOps: false, sanitizeResources: false };
  Deno.test({ ...options, fn: async () => await run(await (shared ??= launch())) });
}

/** A page that notes whatever should not happen. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request's method, address and body. */
  readonly requests: { method: string; url: string; body: string | null }[];
  /** Console errors, exceptions, policy violations and requests to other origins. */
  readonly faults: string[];
  /** Takes the console's line about an answer of this status as expected. */
  expectStatus(status: number): void;
}

/** Opens a page that watches itself; `origin` is the only one it may talk to. */
export async function watchedPage(
  browser: Browser,
  options: { origin: string; width?: number; dark?: boolean; javaScript?: boolean },
): Promise<WatchedPage> {
  const { origin, width = 1280, dark = false, javaScript = true } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: javaScript,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const requests: WatchedPage["requests"] = [];
  const faults: string[] = [];
  const expected: number[] = [];
  page.on("request", (request) => {
    requests.push({ method: request.method(), url: request.url(), body: request.postData() });
    if (new URL(request.url()).origin !== origin) faults.push(`request to ${request.url()}`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const status = Number(/responded with a status of (\d+)/.exec(message.text())?.[1]);
    if (!expected.includes(status)) faults.push(`console: ${message.text()}`);
  });
  if (javaScript) {
    await page.exposeFunction("noteViolation", (text: string) => void faults.push(text));
    await page.addInitScript(`addEventListener("securitypolicyviolation", (event) =>
      noteViolation("policy: " + event.violatedDirective + " " + event.blockedURI))`);
  }
  return {
    page,
    context,
    requests,
    faults,
    expectStatus: (status) => void expected.push(status),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Waits until `holds` does, from outside the page: its policy forbids evaluating text inside it. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!await holds()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What axe-core finds, one line each; it runs beside the page's policy, not against it. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run()") as {
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)
  );
}
