import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { adminToken, type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";
import { plainText, run } from "./_support.ts";

function audit(started: StartedIssuer, args: readonly string[]) {
  return run(["audit", ...args], {
    terminal: 80,
    env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken },
    now: () => started.clock.now,
    fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
  });
}

Deno.test("audit filters by who, what, which workload and when", async () => {
  await using started = startIssuer();
  await started.register();
  started.clock.now += 3 * 86_400_000;
  await started.register({ id: "worker", app: "worker" });
  const rows = async (...args: string[]) => {
    const { code, stdout, stderr } = await audit(started, args);
    assertEquals(code, 0, stderr);
    return plainText(stdout).trim().split("\n").slice(1)
      .map((line) => line.split(/ {2,}/).slice(2).join(" "));
  };
  const worker = ["credential.add workload:worker", "workload.create workload:worker"];
  assertEquals((await rows()).length, 4);
  assertEquals(await rows("--workload", "worker"), worker);
  assertEquals(await rows("--since", "1d"), worker);
  assertEquals((await rows("--until", "1d")).length, 2);
  assertEquals(await rows("--action", "*.create", "--target", "*er"), [worker[1]!]);
  assertEquals((await rows("--actor", "admin-*", "--since", "2026-01-01")).length, 4);
  assertStringIncludes((await audit(started, ["--actor", "x"])).stdout, "No change meets these");
});

Deno.test("audit goes on from page to page, and says how", async () => {
  await using started = startIssuer();
  await started.register();
  const first = await audit(started, ["--limit", "1", "--workload", "web"]);
  const [, cursor] = /--cursor (\S+)/.exec(first.stderr)!;
  assertMatch(first.stdout, /credential\.add/);
  const second = await audit(started, ["--limit", "1", "--workload", "web", "--cursor", cursor!]);
  assertMatch(second.stdout, /workload\.create/);
  assertEquals(second.stderr, "");
});

Deno.test("audit asks again until the issuer has searched its whole log", async () => {
  await using started = startIssuer();
  const asked: string[] = [];
  const pages = [
    { events: [], next: "b", searchedTo: "2026-01-01T00:00:00.000Z" },
    {
      events: [{
        id: "1",
        at: "2026-01-01T00:00:00.000Z",
        actor: "me",
        action: "a.b",
        target: "t",
      }],
      next: "a",
    },
    { events: [], next: null },
  ];
  const { code, stdout } = await run(["audit", "--actor", "me", "--json"], {
    env: { SIGNET_ISSUER: started.url, SIGNET_ADMIN_TOKEN: adminToken },
    fetch: (input) => Promise.resolve(Response.json(pages[asked.push(String(input)) - 1])),
  });
  assertEquals([code, asked.length], [0, 3]);
  assertEquals(JSON.parse(stdout).events.length, 1);
  assertMatch(asked[1]!, /limit=20&actor=me&cursor=b$/);
  assertMatch(asked[2]!, /limit=19&actor=me&cursor=a$/);
});

Deno.test("audit tells what a time may look like", async () => {
  await using started = startIssuer();
  for (const time of ["yesterday", "0d", "999999y"]) {
    const { code, stderr } = await audit(started, ["--since", time]);
    assertEquals(code, 2, time);
    assertStringIncludes(stderr, "Write 7d (ago), 2026-01-31 or");
  }
  const { code, stderr } = await audit(started, ["--until", "2026-13-40"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr.replaceAll(/\s+/g, " "), "until must be a time such as");
});
