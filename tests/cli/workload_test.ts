import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createBench } from "./_bench.ts";
import { plainText } from "./_support.ts";

const names = ["--org", "acme", "--app", "web", "--context", "production"];

Deno.test("workload add registers a workload and shows its subject and the next step", async () => {
  await using bench = await createBench();
  const { code, stdout, stderr } = await bench.run([
    ...["workload", "add", "web", ...names, "--audience", "sts.amazonaws.com"],
    ...["--audience", "vault", "--claim", "team=a=b", "--max-ttl", "15m"],
  ]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "deployment:acme/web/production");
  assertStringIncludes(stderr, "next:  signet credential add web");
  const shown = JSON.parse((await bench.run(["workload", "show", "web", "--json"])).stdout);
  assertEquals(shown.audiences, ["sts.amazonaws.com", "vault"]);
  assertEquals(shown.claims, { team: "a=b" });
  assertEquals(shown.maxTtlSeconds, 900);
});

Deno.test("workload add says what is missing, and what a workload without audiences needs", async () => {
  await using bench = await createBench();
  const missing = await bench.run(["workload", "add", "web", "--org", "acme"]);
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.stderr, "Cannot add workload web: missing --app, --context");
  const { code, stderr } = await bench.run(["workload", "add", "web", ...names]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "next:  signet workload update web --add-audience <audience>");
});

Deno.test("workload add takes a file, and options win over it", async () => {
  await using bench = await createBench();
  const file = { org: "acme", app: "web", context: "staging", audiences: ["vault"] };
  const { code, stderr } = await bench.run(
    ["workload", "add", "web", "--file", "web.json", "--context", "production"],
    { texts: { "web.json": JSON.stringify(file) } },
  );
  assertEquals(code, 0, stderr);
  const shown = JSON.parse((await bench.run(["workload", "show", "web", "--json"])).stdout);
  assertEquals([shown.context, shown.audiences], ["production", ["vault"]]);
});

Deno.test("workload add lists every fault that the issuer found", async () => {
  await using bench = await createBench();
  const { code, stdout, stderr } = await bench.run([
    ...["workload", "add", "web", "--org", "Not A Name", "--app", "web", "--context", "x"],
    ...["--claim", "sub=me"],
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "/org");
  assertStringIncludes(stderr, "/claims/sub");
});

Deno.test("workload add ends with the conflict code when the subject is taken", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const { code, stderr } = await bench.run(["workload", "add", "other", ...names]);
  assertEquals(code, 6, stderr);
});

Deno.test("workload list follows every page and keeps one line per row in a pipe", async () => {
  await using bench = await createBench();
  for (let i = 0; i < 101; i++) {
    const place = ["--org", "acme", "--app", `app${i}`, "--context", "production"];
    await bench.run(["workload", "add", `w${i}`, ...place, "--audience", "vault"]);
  }
  const { stdout } = await bench.run(["workload", "list"]);
  assertEquals(stdout.trimEnd().split("\n").length, 102);
  const { workloads } = JSON.parse((await bench.run(["workload", "list", "--json"])).stdout);
  assertEquals(workloads.length, 101);
});

Deno.test("workload list fits a terminal of 80 columns and cuts nothing off", async () => {
  await using bench = await createBench();
  const long = "https://api.a-rather-long-host-name.acme.test/with/a/long/path";
  await bench.addWeb([long, "sts.amazonaws.com"]);
  const { stdout } = await bench.run(["workload", "list"], { terminal: 80 });
  const plain = plainText(stdout);
  for (const line of plain.split("\n")) assert(line.length <= 80, line);
  const cells = plain.split("\n").slice(1).map((line) => line.slice(line.lastIndexOf("  ")).trim());
  assertStringIncludes(cells.join(""), long);
});

Deno.test("workload update changes audiences and claims one by one", async () => {
  await using bench = await createBench();
  await bench.addWeb(["vault", "kubernetes"]);
  await bench.run(["workload", "update", "web", "--claim", "team=payments", "--claim", "tier=1"]);
  const { code, stderr } = await bench.run([
    ...["workload", "update", "web", "--add-audience", "sts.amazonaws.com"],
    ...["--remove-audience", "vault", "--remove-claim", "tier"],
  ]);
  assertEquals(code, 0, stderr);
  const shown = JSON.parse((await bench.run(["workload", "show", "web", "--json"])).stdout);
  assertEquals(shown.audiences, ["kubernetes", "sts.amazonaws.com"]);
  assertEquals(shown.claims, { team: "payments" });
});

Deno.test("workload update stops when somebody else changed the workload meanwhile", async () => {
  await using bench = await createBench();
  await bench.addWeb(["vault"]);
  const racing: typeof fetch = async (input, init) => {
    const answer = await bench.fetch(input, init);
    if (init?.method === "GET") await bench.run(["workload", "update", "web", "--claim", "a=b"]);
    return answer;
  };
  const { code, stderr } = await bench.run(
    ["workload", "update", "web", "--add-audience", "kubernetes"],
    { fetch: racing },
  );
  assertEquals(code, 6);
  assertStringIncludes(stderr, "Somebody changed it meanwhile");
  const shown = JSON.parse((await bench.run(["workload", "show", "web", "--json"])).stdout);
  assertEquals([shown.audiences, shown.claims], [["vault"], { a: "b" }]);
});

Deno.test("workload update without a change says so", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  assertEquals((await bench.run(["workload", "update", "web"])).code, 2);
});

Deno.test("workload remove asks on a terminal and takes no for an answer", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const no = await bench.run(["workload", "remove", "web"], { terminal: 80, stdin: "n\n" });
  assertEquals(no.code, 1);
  assertStringIncludes(no.stderr, "Nothing was changed");
  const yes = await bench.run(["workload", "remove", "web"], { terminal: 80, stdin: "y\n" });
  assertEquals(yes.code, 0);
  assertEquals((await bench.run(["workload", "show", "web"])).code, 5);
});

Deno.test("workload remove without a terminal wants --yes", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  assertEquals((await bench.run(["workload", "remove", "web"])).code, 2);
  assertEquals((await bench.run(["workload", "show", "web"])).code, 0);
  assertEquals((await bench.run(["workload", "remove", "web", "--yes"])).code, 0);
});
