import { assert, assertEquals, assertMatch } from "@std/assert";
import { setupAzure, setupGcp, type SetupPlan, setupVault } from "../../setup/mod.ts";
import { PLANNERS, someInput, UUID } from "./_support/inputs.ts";

const client = new URL("../../client/", import.meta.url);

/** The plan's line in a function of its own, with the import that its comment names. */
function program({ code }: SetupPlan, index: number): string {
  const match = /^(.*) \/\/ import \{ (\w+) \} from "@signet\/oidc\/client\/(\w+)"$/.exec(code);
  assert(match, `${code} names no import`);
  const [, statement, name, module] = match!;
  return `import { ${name} as helper${index} } from "${new URL(`${module}.ts`, client)}";
export async function use${index}(): Promise<void> {
  ${statement?.replace(`${name}(`, `helper${index}(`)}
  await Promise.resolve();
}
`;
}

Deno.test("the code line of every plan passes the type check against the client", async () => {
  const target = { kind: "app", appId: UUID } as const;
  const ids = { tenantId: UUID, subscriptionId: UUID, target };
  const project = { projectId: "acme-prod", projectNumber: "123456789" };
  const plans = [
    ...Object.values(PLANNERS).map((planner) => planner(someInput({ audience: `it's "x"` }))),
    setupGcp(someInput(), project),
    ...(["public", "china", "usgov", "france", "germany", "singapore-gov"] as const)
      .map((cloud) => setupAzure(someInput(), { ...ids, cloud })),
    setupVault(someInput(), { mount: "signet/jwt", address: "https://vault.acme.test:8200" }),
  ];
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, plans.map(program).join("\n").replace(/^/, "export {};\n"));
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const run = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", config, file],
    stderr: "piped",
  }).output();
  await Deno.remove(file);
  assertEquals(run.code, 0, new TextDecoder().decode(run.stderr));
});

Deno.test("environment of every plan names only variables that the client reads", async () => {
  const sources: string[] = [];
  for await (const text of readAll(client)) sources.push(text);
  const read = sources.join("\n");
  for (const planner of Object.values(PLANNERS)) {
    for (const name of Object.keys(planner(someInput()).environment)) {
      assertMatch(name, /^SIGNET_/);
      assert(new RegExp(`\\b${name}\\b`).test(read), `${name} is read nowhere in the client`);
    }
  }
});

async function* readAll(folder: URL): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name, folder);
    if (entry.isDirectory) yield* readAll(new URL(`${url}/`));
    else yield await Deno.readTextFile(url);
  }
}
