import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createBench } from "./_bench.ts";
import { plainText } from "./_support.ts";

Deno.test("keys list shows an active key and a spare, in 80 columns", async () => {
  await using bench = await createBench();
  const { code, stdout } = await bench.run(["keys", "list"], { terminal: 80 });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "active");
  assertStringIncludes(stdout, "published");
  for (const line of plainText(stdout).split("\n")) {
    assert(line.length <= 80, line);
  }
});

Deno.test("keys rotate --emergency asks, and then drops the active key", async () => {
  await using bench = await createBench();
  assertEquals((await bench.run(["keys", "rotate", "--emergency"])).code, 2);
  const args = ["keys", "rotate", "--emergency", "--alg", "RS256", "--yes"];
  const { code, stdout, stderr } = await bench.run(args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "signs now");
  assertStringIncludes(stdout, "compromised");
  // It is in the JWKS no more, though the store remembers its name for days.
  const listed = plainText((await bench.run(["keys", "list"])).stdout);
  assertMatch(listed, /compromised +gone (?:now|\d+ \S+ ago)/);
});

Deno.test("keys rotate says when the next key signs", async () => {
  await using bench = await createBench();
  const { code, stdout, stderr } = await bench.run(["keys", "rotate", "--alg", "RS256"]);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "once every relying party can know it");
});

Deno.test("keys revoke takes the start of a key id, and refuses an unknown one", async () => {
  await using bench = await createBench();
  const { keys } = JSON.parse((await bench.run(["keys", "list", "--json"])).stdout);
  const spare = keys.find((key: { state: string }) => key.state === "published");
  assertEquals((await bench.run(["keys", "revoke", "nobody", "--yes"])).code, 5);
  const { code, stderr } = await bench.run([
    "keys",
    "revoke",
    "--yes",
    "--",
    spare.kid.slice(0, 12),
  ]);
  assertEquals(code, 0, stderr);
});

Deno.test("audit names who did what to what, newest first", async () => {
  await using bench = await createBench();
  await bench.addWeb();
  const { stdout } = await bench.run(["audit"]);
  const [, first, second] = stdout.split("\n");
  assertStringIncludes(first!, "credential.add");
  assertStringIncludes(second!, "workload.");
});
