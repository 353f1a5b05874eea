import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "commander";
import { createContext } from "../../cli/context.ts";
import { createProgram } from "../../cli/program.ts";
import { systemHost } from "../../cli/system_host.ts";
import { deno, readFile } from "./_support.ts";

const root = new URL("../../", import.meta.url);

/** The pages for people at the root and every page of docs/, so that a new page is held to the same. */
const documents = [
  ...["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"],
  ...pagesIn("docs/"),
].sort();

function pagesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) =>
    isDirectory ? pagesIn(`${folder}${name}/`) : name.endsWith(".md") ? [folder + name] : []
  );
}

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
      for (const one of command!.split(/\bsignet\b(?!\.)/)) {
        assertCommand(one.replaceAll("\\|", " "));
      }
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
    /^(?:deno|signet|npx|curl|git|cd|mkdir|chmod|export|set|\.|bash|cat|printf|fly|vercel|SIGNET_\w+|aws|gcloud|az|vault|kubectl|deployctl)$/;
  for (const { path, text } of await blocks(/^sh$/)) {
    const args = ["-n", "-c", text];
    const { success, stderr } = await new Deno.Command("bash", { args }).output();
    assert(success, `${path}: ${new TextDecoder().decode(stderr)}`);
    // What stands between quotes on several lines, or in a here-document, is no command.
    const commands = text.replaceAll("\\\n", " ").replace(/<<'?EOF'?\n[\s\S]*?^EOF$/gm, "")
      .replace(/'[^']*\n[^']*'/g, "''");
    const lines = commands.split("\n").filter((line) => !/^\w+=(?!http)/.test(line));
    for (const line of lines.filter((one) => /^[\w.]/.test(one))) {
      const word = /^[\w.-]+/.exec(line)![0];
      assert(known.test(word), `${path} runs ${word}: ${line}`);
    }
  }
});

Deno.test("every link of the documents leads to a file here and to a heading in it", async () => {
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = async (url: URL): Promise<Set<string>> => {
    const known = anchors.get(url.href) ?? headingAnchors(await Deno.readTextFile(url));
    anchors.set(url.href, known);
    return known;
  };
  let count = 0;
  for (const path of documents) {
    const text = (await readFile(path)).replace(/^ *```[\s\S]*?^ *```$/gm, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const url = new URL(target!, new URL(path, root));
      if (url.protocol !== "file:") {
        assertEquals(url.protocol, "https:", `${path} links to ${target}`);
        continue;
      }
      count++;
      const file = new URL(url);
      file.hash = "";
      await Deno.stat(file).catch(() => assert(false, `${path} links to ${target}`));
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (anchor === "") continue;
      assert((await anchorsOf(file)).has(anchor), `${path} links to ${target}: no such heading`);
    }
  }
  assert(count > 150, String(count));
});

/** The anchors that GitHub gives to the headings of a page. */
function headingAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)) {
    const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    let name = slug;
    for (let i = 1; anchors.has(name); i++) name = `${slug}-${i}`;
    anchors.add(name);
  }
  return anchors;
}

Deno.test("every page of docs/ can be reached from docs/README.md and from the README", async () => {
  const reached = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const [, target] of (await readFile(path)).matchAll(/\]\(([^)#\s:]+\.md)(?:#[^)]*)?\)/g)) {
      await visit(new URL(target!, new URL(path, root)).pathname.slice(root.pathname.length));
    }
  };
  for (const start of ["docs/README.md", "README.md"]) {
    reached.clear();
    await visit(start);
    const pages = documents.filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
    assertEquals(pages.filter((path) => !reached.has(path)), [], start);
  }
});

Deno.test("files that the documents run exist", async () => {
  for (const path of documents) {
    for (const [, file] of (await readFile(path)).matchAll(/(?<=[\s(])(examples\/[\w/.]+\.\w+)/g)) {
      await Deno.stat(new URL(file!, root)).catch(() => assert(false, `${path} names ${file}`));
    }
  }
});

Deno.test("a message that a page explains is one that Signet gives", async () => {
  const sources = await Promise.all(
    ["client/", "issuer/", "cli/", "verify/"].flatMap((folder) => sourcesIn(folder)).map(readFile),
  );
  // Messages are put together from pieces: join what stands on several lines.
  const code = sources.join("\n").replace(/["`'] \+\s*["`']/g, "").replaceAll("\\`", "`");
  const unknown: string[] = [];
  let count = 0;
  for (const path of documents) {
    const tables = (await readFile(path)).split(/^\| (?:message|the verifier's code)\s*\|/m).slice(
      1,
    );
    for (const rows of tables.map((table) => table.split(/\n\n/)[0]!)) {
      for (const [, , said] of rows.matchAll(/^\| (`+) ?(.+?) ?\1\s*\|/gm)) {
        if (path === "docs/clouds/kubernetes.md") continue; // the API server's, see cloud_pages_test.ts
        count++;
        const pieces = said!.split(MADE_UP).filter((piece) => piece.trim() !== "");
        if (!pieces.every((piece) => code.includes(piece))) unknown.push(`${path}: ${said}`);
      }
    }
  }
  assertEquals(unknown, []);
  assert(count > 30, String(count));
});

/** What a message quotes from its circumstances on some page. */
const MADE_UP =
  /`|sts\.amazonaws\.com|api:\/\/AzureADTokenExchange|jsr:@deno\/oidc|\/\.fly\/api|^circleci|^buildkite-agent|\/var\/run\/secrets\/tokens\/signet/;

function sourcesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) =>
    isDirectory ? sourcesIn(`${folder}${name}/`) : name.endsWith(".ts") ? [folder + name] : []
  );
}

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
