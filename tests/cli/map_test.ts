import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "commander";
import { createContext } from "../../cli/context.ts";
import { createProgram } from "../../cli/program.ts";
import { systemHost } from "../../cli/system_host.ts";
import { run } from "./_support.ts";

function allCommands(command: Command, path: string[] = []): string[][] {
  return command.commands.flatMap((sub) => {
    const here = [...path, sub.name()];
    return [here, ...allCommands(sub, here)];
  });
}

const commands = allCommands(createProgram(createContext(systemHost())));

Deno.test("signet without an argument shows every command and fits 80 columns", async () => {
  const { code, stdout, stderr } = await run([]);
  assertEquals([code, stderr], [0, ""]);
  for (const [name] of commands) assertStringIncludes(stdout, `  ${name} `);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
});

Deno.test("signet help is --help, before whatever command", async () => {
  for (const path of [[], ["token"], ["workload", "add"]]) {
    assertEquals(await run(["help", ...path]), await run([...path, "--help"]));
  }
});

Deno.test("signet COMMAND --help shows examples and fits 80 columns, for every command", async () => {
  assert(commands.length >= 18);
  for (const path of commands) {
    const { code, stdout } = await run([...path, "--help"], { terminal: 80 });
    assert(!stdout.includes("[object"), stdout);
    assertEquals(code, 0, path.join(" "));
    assertStringIncludes(stdout, "Examples:\n  ", path.join(" "));
    for (const line of stdout.split("\n")) assert(line.length <= 80, `${path}: ${line}`);
  }
});

Deno.test("signet ends with the usage code and a suggestion when a command is misspelt", async () => {
  const { code, stdout, stderr } = await run(["wrkload"]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "Did you mean workload?");
  assertStringIncludes(stderr, "next:  signet --help");
});

Deno.test("signet ends with the usage code when an option is unknown or lacks its value", async () => {
  assertEquals((await run(["token"])).code, 2);
  assertEquals((await run(["token", "--audience"])).code, 2);
  assertEquals((await run(["keys", "list", "--nonsense"])).code, 2);
  assertEquals((await run(["audit", "--limit", "0"])).code, 2);
  assertEquals((await run(["dev", "--port", "99999"])).code, 2);
});

Deno.test("signet paints only on a terminal, and never with NO_COLOR or --no-color", async () => {
  const escape = "\x1b[";
  assertStringIncludes((await run([], { terminal: 80 })).stdout, escape);
  assert(!(await run([])).stdout.includes(escape));
  assert(!(await run([], { terminal: 80, env: { NO_COLOR: "1" } })).stdout.includes(escape));
  assert(!(await run(["--no-color", "--help"], { terminal: 80 })).stdout.includes(escape));
});
