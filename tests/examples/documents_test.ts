import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "commander";
import { createContext } from "../../cli/context.ts";
import { createProgram } from "../../cli/program.ts";
import { systemHost } from "../../cli/system_host.ts";
import { deno, readFile } from "./_support.ts";

/** The README and every page of docs/, so that a new page is held to the same. */
const documents = [
  "README.md",
  ...[...Deno.readDirSync(new URL("../../docs/", import.meta.url))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`)
    .sort(),
];
const program = createProgram(createContext(systemHost()));

async function blocks(language: RegExp): Promise<{ path: string; text: string }[]> {
  const found = await Promise.all(documents.map(async (path) => {
    const text = await readFile(path);
    return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
      .filter(([, info]) => language.test(info!))
      .map(([, , body]) => ({ path, text: body! }));
  }));
  return found.flat();
}

Deno.test("TypeScript in the documents type-checks against this package", async () => {
  const directory = await Deno.makeTempDir({
    dir: new URL("../../", import.meta.url).pathname,
    prefix: ".docs",
  });
  try {
    const snippets = await blocks(/^ts/);
    assert(snippets.length >= 3);
    const files = await Promise.all(snippets.map(async ({ text }, i) => {
      const file = `${directory}/snippet_${i}.ts`;
      const declares = /\btoken\b.*=/.test(text) ? "" : "declare const token: string;\n";
      await Deno.writeTextFile(
        file,
        `${declares}${text.replaceAll('"jsr:@signet', '"@signet')}export {};\n`,
      );
      return file;
    }));
    const { code, stderr } = await deno(["check", "--no-lock", ...files]);
    assertEquals(code, 0, stderr);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("signet commands in the documents exist, with these options", async () => {
  const lines = (await blocks(/^sh$/))
    .flatMap(({ text }) => text.replaceAll("\\\n", " ").split("\n"))
    .flatMap((line) => line.split("|"))
    .map((line) => /deno task (?:--quiet )?signet (.*)/.exec(line)?.[1])
    .filter((line) => line !== undefined);
  assert(lines.length >= 4);
  for (const line of lines) assertCommand(line.replace(/[>#].*$/, "").replace(/\).*$/, ""));
});

Deno.test("signet commands inside a sentence of the documents exist, with these options", async () => {
  let found = 0;
  for (const path of documents) {
    const prose = (await readFile(path)).replace(/^```[\s\S]*?^```$/gm, "");
    for (const [, command] of prose.matchAll(/`signet ([a-z][^`]*)`/g)) {
      found++;
      for (const one of command!.split(/\bsignet\b/)) assertCommand(one.replaceAll("\\|", " "));
    }
  }
  assert(found >= 10);
});

/** A command and its options as the command line itself defines them. */
function assertCommand(line: string): void {
  const [own] = line.split(" -- "); // what stands behind it is another program's
  const words = own!.trim().split(/[\s,]+/);
  let command: Command = program;
  while (true) {
    const sub = command.commands.find((c) => c.name() === words[0]);
    if (!sub) break;
    command = sub;
    words.shift();
  }
  assert(command !== program, `unknown command: ${line}`);
  for (const word of words.filter((w) => w.startsWith("--") && w !== "--help")) {
    assert(command.options.some((o) => o.long === word), `unknown option ${word}: ${line}`);
  }
}

Deno.test("every shell block of the documents is one that a shell can read, of programs that we know", async () => {
  const known =
    /^(?:deno|signet|npx|curl|git|cd|mkdir|chmod|export|set|\.|bash|console\.log|SIGNET_\w+|token|aws|gcloud|az|vault|kubectl|deployctl)$/;
  for (const { path, text } of await blocks(/^sh$/)) {
    const args = ["-n", "-c", text];
    const { success, stderr } = await new Deno.Command("bash", { args }).output();
    assert(success, `${path}: ${new TextDecoder().decode(stderr)}`);
    const lines = text.replaceAll("\\\n", " ").split("\n");
    for (const line of lines.filter((one) => /^[\w.]/.test(one))) {
      const word = /^[\w.-]+/.exec(line)![0];
      assert(known.test(word), `${path} runs ${word}: ${line}`);
    }
  }
});

Deno.test("files that the documents link to or run exist", async () => {
  const root = new URL("../../", import.meta.url);
  for (const path of documents) {
    const text = await readFile(path);
    const linked = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => new URL(target!, new URL(path, root)));
    const run = [...text.matchAll(/(?<=[\s(])(examples\/[\w/.]+\.\w+)/g)]
      .map(([, target]) => new URL(target!, root));
    const ours = linked.filter((url) => url.protocol === "file:");
    for (const url of [...ours, ...run]) {
      await Deno.stat(url).catch(() => assert(false, `${path} names ${url.pathname}`));
    }
  }
});

Deno.test("the tasks that the README names exist", async () => {
  const { tasks } = JSON.parse(await readFile("deno.json"));
  const named = (await readFile("README.md")).matchAll(
    /deno(?:@2\.9\.6)? task (?:--quiet )?(\w+)/g,
  );
  for (const [, name] of named) assert(name! in tasks, name);
});

Deno.test("the variables that the README names are those that the issuer reads", async () => {
  const sources = await Promise.all(["issuer/config.ts", "issuer/main.ts"].map(readFile));
  const read = new Set(
    [...sources.join("").matchAll(/"(SIGNET_\w+|PORT)"/g)].map(([, name]) => name),
  );
  const table = (await readFile("README.md")).split("## Configuration of the issuer")[1]!;
  const named = new Set([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
  assertEquals([...named].sort(), [...read].sort());
});

Deno.test("docs/deploy.md makes secrets that the issuer accepts", async () => {
  const text = (await blocks(/^sh$/)).find((block) => block.text.includes("deno eval"))!.text;
  const script = /deno eval '([\s\S]*?)'/.exec(text)![1]!;
  const { stdout } = await deno(["eval", script]);
  const values = Object.fromEntries(stdout.trim().split("\n").map((line) => line.split("=")));
  assertStringIncludes(values.SIGNET_ISSUER, "https://");
  for (const name of ["SIGNET_KEY_ENCRYPTION_KEY", "SIGNET_ADMIN_TOKEN"]) {
    assertEquals(/^[\w-]{43}$/.test(values[name]), true, name);
  }
});

Deno.test("docs/deploy.md tells deno deploy the same as the block in deno.json", async () => {
  const { deploy } = JSON.parse(await readFile("deno.json"));
  const text = await readFile("docs/deploy.md");
  assertStringIncludes(text, `--entrypoint ${deploy.runtime.entrypoint} `);
  assertStringIncludes(text, `--install-command "${deploy.install}"`);
});
