import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../../cli/main.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";
import { run } from "./_support.ts";

const env = { SIGNET_ISSUER: "http://localhost:8000", SIGNET_ADMIN_TOKEN: "the-admin-secret" };

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  return (() => Promise.resolve(new Response(body, { status, headers }))) as typeof fetch;
}

Deno.test("the command line says what, why and what next when nobody listens", async () => {
  const { code, stdout, stderr } = await run(["workload", "list"], { env });
  assertEquals([code, stdout], [3, ""]);
  assertStringIncludes(stderr, "error: Cannot reach http://localhost:8000: nothing listens there");
  assertStringIncludes(stderr, "next:  ");
});

Deno.test("the command line names the variable that is not set", async () => {
  const noIssuer = await run(["keys", "list"]);
  assertEquals(noIssuer.code, 2);
  assertStringIncludes(noIssuer.stderr, "SIGNET_ISSUER");
  const noToken = await run(["keys", "list"], { env: { SIGNET_ISSUER: env.SIGNET_ISSUER } });
  assertEquals(noToken.code, 4);
  assertStringIncludes(noToken.stderr, "SIGNET_ADMIN_TOKEN");
});

Deno.test("the command line sends no token to an issuer over plain http", async () => {
  const { code } = await run(["keys", "list", "--issuer", "http://issuer.test"], {
    env,
    fetch: () => Promise.reject(new Error("asked")),
  });
  assertEquals(code, 2);
});

Deno.test("the command line repeats no password or query of an issuer", async () => {
  for (
    const issuer of ["https://me:s3cret@a.test", "me:s3cret@a.test", "https://a.test/?t=s3cret"]
  ) {
    const { code, stdout, stderr } = await run(["keys", "list", "--issuer", issuer], { env });
    assertEquals(code, 2);
    assertStringIncludes(stderr, "Cannot use an issuer with a user name, query or fragment");
    assertEquals((stdout + stderr).includes("s3cret"), false);
  }
});

Deno.test("the command line completes an issuer that lacks its scheme", async () => {
  for (
    const [issuer, whole] of [["localhost:1", "http://localhost:1"], ["a.test", "https://a.test"]]
  ) {
    const { code, stderr } = await run(["keys", "list", "--issuer", issuer!], { env });
    assertEquals(code, 2);
    assertStringIncludes(stderr, `next:  Write its scheme as well: ${whole}\n`);
  }
});

Deno.test("the command line maps refusals to exit codes", async () => {
  for (const [status, code] of [[400, 1], [401, 4], [404, 5], [409, 6], [412, 6], [503, 3]]) {
    const fetch = answering(status!, JSON.stringify({ title: "T", detail: "the reason" }));
    const result = await run(["keys", "list"], { env, fetch });
    assertEquals(result.code, code, `status ${status}`);
    assertStringIncludes(result.stderr, "the reason");
  }
});

Deno.test("the command line prints errors as JSON with --json", async () => {
  const fetch = answering(409, JSON.stringify({ detail: "taken", errors: [{ pointer: "/id" }] }));
  const { stdout, stderr } = await run(["keys", "list", "--json"], { env, fetch });
  assertEquals(stdout, "");
  assertEquals(JSON.parse(stderr), {
    error: { code: "conflict", message: "taken", details: ["/id"] },
  });
});

Deno.test("the command line survives an answer that is not JSON", async () => {
  const { code, stderr } = await run(["keys", "list"], { env, fetch: answering(200, "<html>") });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "it is not JSON");
});

Deno.test("the command line follows no redirect with the admin token", async () => {
  let init: RequestInit | undefined;
  const fetch: typeof globalThis.fetch = (_input, options) => {
    init = options;
    return Promise.resolve(new Response(null, { status: 302 }));
  };
  const { code } = await run(["keys", "list"], { env, fetch });
  assertEquals([code, init?.redirect], [1, "manual"]);
});

Deno.test("the command line never prints the admin token", async () => {
  for (const status of [400, 401, 500]) {
    const { stdout, stderr } = await run(["keys", "list"], { env, fetch: answering(status, "no") });
    assert(!(stdout + stderr).includes(env.SIGNET_ADMIN_TOKEN));
  }
});

Deno.test("the command line lets no answer move the cursor", async () => {
  const fetch = answering(400, JSON.stringify({ detail: "bad \u001b[2J thing" }));
  const { stderr } = await run(["keys", "list"], { env, fetch });
  assert(!stderr.includes("\u001b"));
});

Deno.test("explain shows the nearest rule and what differs, and ends with code 1", async () => {
  const nearest = {
    workload: "web",
    rule: 0,
    differences: [{ claim: "repository_id", expected: "1", found: "2" }],
  };
  const body = JSON.stringify({ verdict: "refused", reason: "no rule accepts it", nearest });
  const { code, stdout, stderr } = await run(["explain", "-"], {
    env,
    stdin: "a.b.c",
    fetch: answering(200, body),
  });
  assertEquals(code, 1);
  assertStringIncludes(stdout, "repository_id");
  assertStringIncludes(stderr, "no rule accepts it");
});

Deno.test("the command line finds the reason of a failed fetch in its cause too", async () => {
  const fetch = () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("dns error: lookup") }));
  const { stderr } = await run(["keys", "list"], { env, fetch });
  assertStringIncludes(stderr, "the host name is not known");
});

Deno.test("the command line says what it waits for once that takes over a second, and once", async () => {
  let stderr = "";
  const { promise: told, resolve } = Promise.withResolvers<void>();
  const write = (text: string) => {
    stderr += text;
    if (stderr.includes("…")) resolve();
  };
  const code = await runCli(["workload", "list"], {
    env: (name) => ({ ...env, NO_COLOR: "1" } as Record<string, string>)[name],
    stdout: { write: () => {}, isTerminal: true },
    stderr: { write, isTerminal: true },
    // The answer comes only after the remark: without one the test would never end.
    fetch: async () => {
      await told;
      return Response.json({ workloads: [], next: null });
    },
  });
  assertEquals(code, 0);
  assertEquals(stderr.match(/…/g)?.length, 1);
});

Deno.test("the command line names a fault by the option that it came from", async () => {
  const errors = [{ pointer: "/maxTtlSeconds", detail: "is too much" }, {
    pointer: "/id",
    detail: "x",
  }];
  const fetch = answering(400, JSON.stringify({ detail: "Cannot", errors }));
  const { stderr } = await run(["workload", "show", "web"], { env, fetch });
  assertStringIncludes(stderr, "  - --max-ttl (/maxTtlSeconds): is too much");
  assertStringIncludes(stderr, "  - /id: x");
});

Deno.test("the command line says where to look for what is not there", async () => {
  const fetch = answering(404, JSON.stringify({ title: "Not found", detail: "Cannot find it" }));
  const shown = await run(["workload", "show", "web"], { env, fetch });
  assertStringIncludes(shown.stderr, "next:  signet workload list");
  const revoked = await run(["credential", "revoke", "web", "c1", "--yes"], { env, fetch });
  assertStringIncludes(revoked.stderr, "next:  signet credential list web");
});

Deno.test("the command line advises on a taken name in its own words", async () => {
  await using started = startIssuer();
  await started.register();
  const add = (id: string) =>
    run(["workload", "add", id, "--org", "acme", "--app", "web", "--context", "production"], {
      env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken },
      fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
    });
  const taken = await add("web");
  assertEquals(taken.code, 6);
  assertStringIncludes(taken.stderr, 'Cannot create workload "web": it exists already');
  assertStringIncludes(taken.stderr, "next:  signet workload update web --help");
  assertStringIncludes((await add("other")).stderr, "next:  signet workload list");
});
