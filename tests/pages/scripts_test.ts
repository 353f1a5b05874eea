import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { SignJWT } from "jose";
import { mergePatch } from "../../issuer/admin/merge_patch.ts";
import { auditActions, auditPath } from "../../issuer/page/assets/console/audit_view.js";
import { curlOf, shellWord } from "../../issuer/page/assets/console/curl.js";
import { mergePatchOf } from "../../issuer/page/assets/console/merge_patch_of.js";
import { readParameter } from "../../issuer/page/assets/console/trust_section.js";
import { consoleScript } from "../../issuer/page/assets/console_script.ts";
import { decodeToken } from "../../issuer/page/assets/decode_token.js";
import { explainClaim } from "../../issuer/page/assets/explain_claim.js";
import { pageScript } from "../../issuer/page/assets/page_script.ts";
import { verifyToken } from "../../issuer/page/assets/verify_token.js";
import { startIssuer } from "../_support/start_issuer.ts";

const profiles = [
  { name: "es", audiences: ["https://es.test"], alg: "ES256" },
  { name: "ed", audiences: ["https://ed.test"], alg: "EdDSA" },
] as const;

async function issued(audience: string) {
  const started = startIssuer({ profiles });
  const secret = await started.register();
  const token: string = (await (await started.token(secret, { audience })).json()).value;
  const { keys } = await (await started.get("/.well-known/jwks.json")).json();
  const context = {
    issuer: started.url,
    now: started.clock.now,
    readKeys: () => Promise.resolve(keys),
  };
  return { started, token, context };
}

interface Context {
  readonly issuer: string;
  readonly now: number;
  readonly readKeys: () => Promise<unknown>;
}

function verify(token: string, context: Context) {
  return verifyToken(decodeToken(token), context);
}

Deno.test("verifyToken takes this issuer's tokens of every algorithm, and no changed one", async () => {
  for (const audience of ["vault", "https://es.test", "https://ed.test"]) {
    const { started, token, context } = await issued(audience);
    assertEquals((await verify(token, context)).state, "valid", audience);
    const [header, claims, signature] = token.split(".") as [string, string, string];
    const other = btoa(atob(claims).replace("web", "wxb")).replaceAll("=", "");
    const changed = await verify(`${header}.${other}.${signature}`, context);
    assertEquals(changed.state, "invalid");
    assertStringIncludes(changed.text, "signature is wrong");
    await started[Symbol.asyncDispose]();
  }
});

Deno.test("verifyToken tells expired, early, foreign, unknown and unsupported apart", async () => {
  const { started, token, context } = await issued("vault");
  await using _ = started;
  const hour = 3_600_000;
  const expired = await verify(token, { ...context, now: context.now + hour });
  assertStringIncludes(expired.text, "has expired");
  assertEquals(expired.state, "invalid");
  const early = await verify(token, { ...context, now: context.now - hour });
  assertStringIncludes(early.text, "not valid yet");
  const foreign = await verify(token, { ...context, issuer: "https://other.test" });
  assertEquals(foreign.state, "unknown");
  const unknown = await verify(token, { ...context, readKeys: () => Promise.resolve([]) });
  assertEquals(unknown.state, "invalid");
  const offline = await verify(token, { ...context, readKeys: () => Promise.reject(new Error()) });
  assertEquals(offline.state, "unknown");
  const hmac = await new SignJWT({ iss: started.url }).setProtectedHeader({ alg: "HS256" })
    .sign(new Uint8Array(32));
  assertEquals((await verify(hmac, context)).state, "invalid");
});

Deno.test("decodeToken takes anything, throws never, and knows a request token", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]*\.[\w-]*\.[\w-]*$/)), (text) => {
      const decoded = decodeToken(text);
      assert(typeof decoded.fault === "string" || typeof decoded.claims === "object");
    }),
  );
  assertStringIncludes(decodeToken("signet_rt_x_web_y").fault!, "a secret");
});

Deno.test("explainClaim says what a time means now, and takes a claim of any name", () => {
  assertStringIncludes(
    explainClaim("exp", 100, 50_000),
    "Expires in 50 seconds: 1970-01-01 00:01:40",
  );
  assertStringIncludes(explainClaim("exp", 100, 160_000), "EXPIRED 1 minute ago");
  assertStringIncludes(explainClaim("exp", "soon", 0), "Set by");
  for (const name of ["constructor", "__proto__", "exp", "x"]) {
    assertEquals(typeof explainClaim(name, Number.MAX_VALUE, 0), "string");
  }
});

Deno.test("mergePatchOf makes exactly the change that the issuer applies (RFC 7396)", () => {
  const object = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.string(),
        fc.array(fc.integer()),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node")),
      ),
    })).node,
  );
  fc.assert(fc.property(object, object, (before, after) => {
    const patch = mergePatchOf(before, after) ?? {};
    assertEquals(mergePatch(before, patch), JSON.parse(JSON.stringify(after)));
  }));
});

Deno.test("curlOf writes a command whose words a shell reads as they are", async () => {
  const nasty = `'; rm -rf / #"$HOME\`x\`\n\\`;
  const call = { method: "PATCH", path: "workloads/web", etag: '"1"', body: { claims: { nasty } } };
  const command = curlOf("https://tokens.test", call);
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const shell = new Deno.Command("bash", {
    args: ["-c", script],
    env: { SIGNET_ADMIN_TOKEN: "secret" },
  });
  const words = new TextDecoder().decode((await shell.output()).stdout).split("\0");
  assertEquals(words.slice(0, -1), [
    ...["-sS", "-X", "PATCH", "https://tokens.test/admin/workloads/web"],
    ...["-H", "Authorization: Bearer secret", "-H", 'If-Match: "1"'],
    ...["-H", "Content-Type: application/json", "--data", JSON.stringify(call.body)],
  ]);
  assertEquals(shellWord("a b"), "'a b'");
});

Deno.test("readParameter gives a claim's own JSON type and makes a glob only where one is allowed", () => {
  const text = { type: "string", mayBeGlob: true };
  assertEquals(readParameter(text, "acme/*"), { glob: "acme/*" });
  assertEquals(readParameter({ ...text, mayBeGlob: false }, "acme/*"), "acme/*");
  assertEquals(readParameter({ type: "number" }, "12"), 12);
  assertEquals(readParameter({ type: "boolean" }, "true"), true);
  assertEquals(readParameter({ type: "list" }, "a, b"), ["a", "b"]);
});

Deno.test("auditPath asks the issuer for what the filters say, whole days included", () => {
  const none = { action: "", target: "", actor: "", from: "", to: "" };
  assertEquals(auditPath(none), "audit?limit=100");
  const filters = { ...none, target: " workload:a&b ", from: "2026-01-31", to: "2026-01-31" };
  const query = new URLSearchParams(auditPath(filters, "c1").split("?")[1]);
  assertEquals(Object.fromEntries(query), {
    ...{ limit: "100", target: "*workload:a&b*", since: "2026-01-31", until: "2026-02-01" },
    cursor: "c1",
  });
});

Deno.test("auditActions lists every action that the issuer writes", async () => {
  const sources: string[] = [];
  const folder = new URL("../../issuer/admin/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    sources.push(await Deno.readTextFile(new URL(name, folder)));
  }
  const written = [...sources.join("\n").matchAll(/"((?:workload|credential|keys)\.[a-z_]+)"/g)]
    .map(([, name]) => name!);
  const offered = auditActions().map(([value]) => value).filter((value) => /\.[a-z]/.test(value!));
  assertEquals(offered.sort(), [...new Set(written)].sort());
});

Deno.test("a script is complete: one definition of each name, nothing imported, no HTML from text", () => {
  for (const script of [pageScript(), consoleScript()]) {
    const names = [...script.matchAll(/^(?:async )?function (\w+)/gm)].map(([, name]) => name!);
    assertEquals(names.length, new Set(names).size);
    assert(!/^\s*(import|export)\b/m.test(script));
    assert(
      !/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|localStorage|sessionStorage|document\.cookie/
        .test(script),
    );
  }
});
