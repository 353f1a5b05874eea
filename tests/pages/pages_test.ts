import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { markup } from "../../issuer/page/markup.ts";
import { vendors } from "../../issuer/page/trust/vendors.ts";
import { programLines } from "../../setup/program_lines.ts";
import { setupAws } from "../../setup/aws.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";

const pages = ["/", "/trust", "/trust?vendor=aws", "/console"];

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function escaped(text: string): string {
  return String(markup`${text}`);
}

Deno.test("threat 52: every page has a strict policy that names the hashes of its own style and script", async () => {
  await using started = startIssuer({ issuer: "https://tokens.test/id" });
  for (const path of pages) {
    const response = await started.get(path);
    const text = await response.text();
    const policy = response.headers.get("content-security-policy")!;
    assertEquals(response.status, 200, path);
    assertEquals(response.headers.get("cache-control"), "no-store");
    assert(!/unsafe|\*|https?:|data:/.test(policy), policy);
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      assertStringIncludes(policy, part);
    }
    assertStringIncludes(policy, "require-trusted-types-for 'script'; trusted-types 'none'");
    assertStringIncludes(policy, `style-src ${hashOf(/<style>(.*?)<\/style>/s.exec(text)![1]!)}`);
    const [, source, integrity] = /<script type="module" src="(.*?)" integrity="(.*?)">/.exec(
      text,
    )!;
    const script = await started.issuer.fetch(new Request(`https://tokens.test${source}`));
    assertEquals(script.headers.get("content-type"), "text/javascript; charset=utf-8");
    assertStringIncludes(policy, `script-src ${hashOf(await script.text())};`);
    assertEquals(`'${integrity}'`, /script-src (\S+);/.exec(policy)![1]);
    const rest = text.replace(/<style>.*?<\/style>/s, "");
    assert(!/<[^>]* (on[a-z]+|style)=/.test(rest), "inline handler or style");
    assert(!/<script(?! type="(module" src|application\/json))/.test(text), "inline script");
    assert(!/(src|href|action)="(?!\/id[/"]|#|\/id\?)/.test(rest), "an address of somebody else");
  }
});

Deno.test("only the trust page may send a form, and only to the issuer", async () => {
  await using started = startIssuer();
  for (const path of pages) {
    const response = await started.get(path);
    const policy = response.headers.get("content-security-policy")!;
    const expected = path.startsWith("/trust") ? "form-action 'self'" : "form-action 'none'";
    assertStringIncludes(policy, expected, path);
    await response.body?.cancel();
  }
});

Deno.test("threat 52: the trust page lets no field become markup", async () => {
  await using started = startIssuer();
  const names = vendors.flatMap(({ fields }) => fields.map(({ name }) => name));
  const field = fc.constantFrom("vendor", "org", "app", "context", "subject", "audience", ...names);
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom('"><img src=x onerror=alert(1)>', "'onfocus='x", "</pre><script>", "${x}"),
  );
  const vendor = fc.constantFrom(...vendors.map(({ id }) => id));
  const query = fc.record({ vendor, fields: fc.dictionary(field, value, { maxKeys: 12 }) });
  const frame = /<(?!\/?(?:[a-z][a-z0-9]*)[\s>]|!doctype html>)/;
  await fc.assert(
    fc.asyncProperty(query, async ({ vendor, fields }) => {
      const response = await started.get(`/trust?${new URLSearchParams({ vendor, ...fields })}`);
      const text = await response.text();
      assertEquals(response.status, 200);
      assert(!frame.test(text), text);
      assert(!/<img|<script(?! type="module" src)|onerror=alert\(1\)>/.test(text), text);
      assert(!/<[^>]*\son[a-z]+\s*=/.test(text.replace(/"[^"]*"/g, '""')), text);
    }),
    { numRuns: 60 },
  );
});

Deno.test("the trust page shows what signet setup's generator gives, to the letter", async () => {
  await using started = startIssuer();
  const query = "vendor=aws&org=acme&app=web&context=production&accountId=123456789012";
  const text = await (await started.get(`/trust?${query}`)).text();
  const plan = setupAws(
    { issuer: started.url, workload: { org: "acme", app: "web", context: "production" } },
    { accountId: "123456789012" },
  );
  const code = programLines(plan.code).join("\n");
  const label = "“Admit every verified deployment of the workload”";
  const notes = plan.notes.map((note) =>
    note.replace("ask for perDeployment", `tick ${label} above`)
  );
  for (const part of [plan.cli, plan.terraform, code, ...notes]) {
    assertStringIncludes(text, escaped(part));
  }
  assert(text.includes(`${label.slice(1, -1)}</label>`) && !text.includes("for perDeployment"));
  for (const { name, contents } of plan.artifacts) {
    assertStringIncludes(text, name);
    assertStringIncludes(text, escaped(contents));
  }
});

Deno.test("the trust page makes a plan for every vendor from the examples of its own fields", async () => {
  await using started = startIssuer();
  for (const { id, fields, title } of vendors) {
    const examples = fields.filter(({ required }) => required)
      .map(({ name, example }) => [name, example!]);
    const names = { vendor: id, org: "acme", app: "web", context: "production" };
    const query = new URLSearchParams({ ...names, ...Object.fromEntries(examples) });
    const text = await (await started.get(`/trust?${query}`)).text();
    assertStringIncludes(text, `The plan for ${title}`);
    const all = fields.filter(({ example, name }) =>
      example !== undefined && name !== "serviceAccount"
    );
    all.forEach(({ name, example }) => query.set(name, example!));
    assertStringIncludes(await (await started.get(`/trust?${query}`)).text(), "The plan for", id);
  }
});

Deno.test("the trust page marks the field of every fault and ties the words to it", async () => {
  await using started = startIssuer();
  const query = "vendor=aws&org=Acme&app=web&context=production&accountId=12&policyArns=x";
  const text = await (await started.get(`/trust?${query}`)).text();
  for (const name of ["org", "accountId", "policyArns"]) {
    const tag = new RegExp(`<input id="field-${name}"[^>]*>`).exec(text)![0];
    assertStringIncludes(tag, 'aria-invalid="true"');
    assertStringIncludes(tag, `field-${name}-fault`);
    assertStringIncludes(text, `id="field-${name}-fault"`);
  }
  assert(!/<input id="field-app"[^>]*aria-invalid/.test(text));
  assert(!text.includes("The plan for"));
  assertStringIncludes(text, "the 3 fields");
});

Deno.test("the trust page names a fault of the issuer itself, which no field shows", async () => {
  await using started = startIssuer({ issuer: "https://tokens.test:8443" });
  const query = "vendor=aws&org=acme&app=web&context=production&accountId=123456789012";
  const text = await (await started.get(`/trust?${query}`)).text();
  assertStringIncludes(text, "issuer must not have a port");
});

Deno.test("the console and its script answer 404 when nobody can be an administrator", async () => {
  await using started = startIssuer({ adminToken: undefined });
  for (const path of ["/console", "/assets/console.js"]) {
    const response = await started.get(path);
    assertEquals(response.status, 404, path);
    await response.body?.cancel();
  }
  assert(!(await (await started.get("/")).text()).includes("/console"));
});

Deno.test("threat 52: no page holds a secret, a workload or another tenant's keys", async () => {
  const tenants = { alpha: { adminToken: `${adminToken}-alpha` } };
  await using started = startIssuer({ tenants });
  const secret = await started.register({ id: "hidden", app: "hidden" });
  const keysOf = async (path: string) =>
    (await (await started.get(`${path}/.well-known/jwks.json`)).json()).keys as { kid: string }[];
  const own = await keysOf(""), others = await keysOf("/alpha");
  assertNotEquals(own[0]!.kid, others[0]!.kid);
  for (const path of [...pages, "/assets/console.js", "/assets/page.js"]) {
    const text = await (await started.get(path)).text();
    for (const hidden of [adminToken, secret, "hidden", others[0]!.kid, "alpha"]) {
      const found = hidden === "hidden" ? text.includes("acme/hidden") : text.includes(hidden);
      assert(!found, `${path} shows ${hidden}`);
    }
  }
  const page = await (await started.get("/alpha/")).text();
  assertStringIncludes(page, others[0]!.kid);
  assert(!page.includes(own[0]!.kid));
  assertStringIncludes(page, 'href="/alpha/console"');
});

Deno.test("the status page draws every key, says when the next one signs, and survives a lost store", async () => {
  await using started = startIssuer();
  const text = await (await started.get("/")).text();
  const { keys } = await (await started.get("/.well-known/jwks.json")).json();
  for (const { kid } of keys) {
    assertStringIncludes(text, kid);
    assertStringIncludes(text, `${kid.slice(0, 8)}… `);
  }
  assertStringIncludes(text, "healthy: can sign");
  assertStringIncludes(text, "Next rotation in 6 d 23 h");
  assert(!/NaN|undefined|Infinity/.test(text));

  const kv = { ...started.kv, getMany: () => Promise.reject(new Error("down")) };
  await using broken = startIssuer({ kv: kv as unknown as typeof started.kv });
  const page = await broken.get("/");
  assertEquals(page.status, 200);
  assertStringIncludes(await page.text(), "cannot sign: kv_unavailable");
});

Deno.test("the status page shows no key that signs before it was published", async () => {
  await using started = startIssuer();
  await started.get("/");
  started.clock.now += 10_000;
  await started.admin("POST", "keys/rotate", { emergency: true });
  const text = await (await started.get("/")).text();
  const times = (label: string) =>
    [...text.matchAll(new RegExp(`data-label="${label}"><time datetime="(.*?)"`, "g"))]
      .map(([, iso]) => Date.parse(iso!));
  const [published, signing] = [times("Published"), times("Signs from")];
  assertEquals([published.length, signing.length], [3, 3]);
  signing.forEach((from, row) => assert(from >= published[row]!));
});

Deno.test("what a page loads is revalidated by its entity tag", async () => {
  await using started = startIssuer();
  for (const path of ["/assets/page.js", "/assets/console.js", "/assets/icon.svg"]) {
    const first = await started.get(path);
    assertEquals(first.headers.get("cache-control"), "no-cache");
    const etag = first.headers.get("etag")!;
    await first.body?.cancel();
    const again = await started.get(path, { headers: { "if-none-match": etag } });
    assertEquals(again.status, 304, path);
  }
});

Deno.test("the issuer loads no page, no generator and no script before the first visit", async () => {
  const entry = new URL("../../issuer/mod.ts", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--lock=tests/deno.lock", entry.pathname],
    cwd: new URL("../../", import.meta.url),
  });
  const { modules } = JSON.parse(new TextDecoder().decode((await command.output()).stdout));
  type Module = {
    specifier: string;
    dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[];
  };
  const bySpecifier = new Map((modules as Module[]).map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { isDynamic, code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (!isDynamic && code) visit(code.specifier);
    }
  };
  visit(entry.href);
  const early = [...loaded].filter((name) => /issuer\/page\/|\/setup\//.test(name));
  assertEquals(early.map((name) => name.split("/").at(-1)), ["page_routes.ts"]);
});
