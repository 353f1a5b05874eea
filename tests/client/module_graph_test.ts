import { assert, assertEquals } from "@std/assert";

interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[];
}

const root = new URL("../../", import.meta.url).href;

async function graphOf(entry: string): Promise<Module[]> {
  const args = ["info", "--json", new URL(entry, root).href];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

Deno.test("importing . loads only the client: no dependency, no node:, nothing of another room (threat 65)", async () => {
  const modules = await graphOf("mod.ts");
  const foreign = modules
    .map(({ specifier }) => specifier)
    .filter((specifier) =>
      specifier !== `${root}mod.ts` && !specifier.startsWith(`${root}client/`)
    );
  assertEquals(foreign, []);
  assert(modules.length > 20);
});

Deno.test("importing . loads no platform adapter and nothing that speaks HTTP until a token is asked for", async () => {
  const modules = new Map((await graphOf("mod.ts")).map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of modules.get(specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) visit(code.specifier);
    }
  };
  visit(`${root}mod.ts`);
  const early = [...loaded].filter((specifier) => /sources|http|runtime|token_/.test(specifier));
  assertEquals(early, [`${root}client/create_id_token_client.ts`]);
  assert(loaded.size <= 6, [...loaded].join("\n"));
});

Deno.test("importing . needs no permission and asks for none", async () => {
  const program = `import { supportsIssuingIdTokens } from "${root}mod.ts";
    console.log(supportsIssuingIdTokens, typeof supportsIssuingIdTokens);`;
  const run = async (...flags: string[]) => {
    const env = { SIGNET_REQUEST_TOKEN: "x", NO_COLOR: "1" };
    const args = ["run", "--quiet", "--ext=ts", ...flags, "-"];
    const command = new Deno.Command(Deno.execPath(), {
      args,
      env,
      stdin: "piped",
      stdout: "piped",
    });
    const child = command.spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(program));
    await writer.close();
    return new TextDecoder().decode((await child.output()).stdout).trim();
  };
  assertEquals(await run("--no-prompt"), "false boolean");
  assertEquals(await run("--allow-env=SIGNET_REQUEST_TOKEN"), "true boolean");
});
