/**
 * JSR's score by its published formula, 18 points, as far as the repository decides it:
 *
 * | points | for | here |
 * |---|---|---|
 * | 5 | no slow types | tested |
 * | 5 | at least 80 % of the symbols documented | tested |
 * | 2 | a README or a module doc | tested |
 * | 1 | an example in it | tested |
 * | 1 | a module doc with `@module` on each entry | tested |
 * | 1 | provenance | that the workflow asks for it; the registry gives it when that workflow publishes |
 * | 1 | a description | a setting of the package at the registry: no file holds it |
 * | 2 | runtimes, at least one marked compatible | a setting of the package at the registry: no file holds it |
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const root = new URL("../../", import.meta.url);
const readText = (path: string) => Deno.readTextFile(new URL(path, root));
const entries: Record<string, string> = JSON.parse(await readText("deno.json")).exports;

interface Docs {
  /** Text of the module doc; empty where there is none. */
  readonly module: string;
  readonly symbols: { readonly name: string; readonly documented: boolean }[];
}

async function run(args: string[], cwd: URL | string = root) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, errors: errors! };
}

interface DocNode {
  readonly name: string;
  readonly kind?: string;
  readonly jsDoc?: { readonly doc?: string; readonly tags?: unknown[] };
  readonly declarationKind?: string;
  readonly declarations?: DocNode[];
}

/** What `deno doc --json` says of a file; Deno 2.5 and 2.9 write it in two forms. */
async function readDocs(path: string): Promise<Docs> {
  const { code, out, errors } = await run(["doc", "--json", path]);
  assertEquals(code, 0, errors);
  const { version, nodes } = JSON.parse(out);
  if (version === 1) return sortNodes(nodes as DocNode[], (node) => [node]);
  const [file] = Object.values(nodes) as { module_doc?: DocNode["jsDoc"]; symbols: DocNode[] }[];
  const docs = sortNodes(file!.symbols, (node) => node.declarations!);
  return { ...docs, module: textOf(file!.module_doc) };
}

function sortNodes(nodes: DocNode[], declarationsOf: (node: DocNode) => DocNode[]): Docs {
  const module = nodes.find(({ kind }) => kind === "moduleDoc");
  const symbols = nodes.filter((node) => node !== module).flatMap((node) =>
    declarationsOf(node)
      .filter(({ kind, declarationKind }) => kind !== "import" && declarationKind !== "private")
      .map(({ jsDoc }) => ({ name: node.name, documented: textOf(jsDoc) !== "" }))
  );
  return { module: textOf(module?.jsDoc), symbols };
}

function textOf(doc: DocNode["jsDoc"]): string {
  return doc === undefined ? "" : (doc.doc ?? "") + JSON.stringify(doc.tags ?? []);
}

const docs = await Promise.all(
  Object.entries(entries).map(async ([name, path]) => ({ name, path, ...await readDocs(path) })),
);

Deno.test("package has no slow types (5 of 18)", async () => {
  const publish = ["publish", "--dry-run", "--allow-dirty", "--no-provenance", "--no-check"];
  const { code, errors } = await run(publish);
  assertEquals(code, 0, errors);
  assert(!(await readText("tools/publish.ts")).includes("allow-slow-types"));

  const directory = await Deno.makeTempDir();
  try {
    const manifest = { name: "@a/b", version: "1.0.0", license: "MIT", exports: "./a.ts" };
    await Deno.writeTextFile(`${directory}/deno.json`, JSON.stringify(manifest));
    await Deno.writeTextFile(`${directory}/a.ts`, "export const slow = Math.max(1, 2);\n");
    const other = await run(publish, directory);
    assertStringIncludes(other.errors, "missing-explicit-type"); // so the check does find some
    assert(other.code !== 0);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("package documents at least four of five symbols (5 of 18)", () => {
  const symbols = docs.flatMap(({ symbols, name: entry }) =>
    symbols.map(({ name, documented }) => ({ name: `${entry} ${name}`, documented }))
  );
  assert(symbols.length > 100);
  const missing = symbols.filter(({ documented }) => !documented).map(({ name }) => name);
  assert(missing.length <= symbols.length / 5, `not documented: ${missing.join(", ")}`);
});

Deno.test("package has a README with an example (3 of 18)", async () => {
  assertMatch(
    await readText("README.md"),
    /^```ts[^\n]*\n[\s\S]*?"jsr:@signet\/oidc"[\s\S]*?^```$/m,
  );
});

Deno.test("package has a module doc with an example and @module on each entry (1 of 18)", async () => {
  for (const { name, path, module } of docs) {
    assert(module.length > 40, `${name} has no module doc`);
    assertStringIncludes(module, "```", `${name} shows no example`);
    assertMatch(await readText(path), /^ \* @module$/m, `${name} has no @module`);
  }
});

Deno.test("package is published by a workflow with provenance (1 of 18)", async () => {
  const workflow = await readText(".github/workflows/publish.yml");
  assertMatch(workflow, /^ {2}id-token: write$/m);
  assertMatch(workflow, /deno run -A tools\/publish\.ts$/m);
  assert(!(await readText("tools/publish.ts")).includes("no-provenance"));
});
