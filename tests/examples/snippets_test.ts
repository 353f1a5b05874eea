/** The programs of every page that is no recipe are run, beside their check by type: with a real issuer and its tokens. */
import { assert, assertEquals } from "@std/assert";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { openStage, OPERATOR } from "./_stage.ts";
import { readFile } from "./_support.ts";

const root = new URL("../../", import.meta.url);
const pages = ["README.md", "SECURITY.md", "CONTRIBUTING.md"].concat(
  [...Deno.readDirSync(new URL("docs/", root))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`),
);

/** A page's programs, each with the token that it takes for granted and an end. */
async function programsOf(path: string): Promise<string[]> {
  const text = await readFile(path);
  return [...text.matchAll(/^ *```ts(?: ignore)?\n([\s\S]*?)^ *```$/gm)].map(([, body]) => {
    const program = body!;
    const given = /\b(?:const|let) (?:\{ )?token\b/.test(program) || !/\btoken\b/.test(program);
    const audience = /audience: "([^"]+)"/.exec(program)?.[1] ?? "https://api.example.com";
    const token = program.includes('issuer: "https://oidc.deno.com"')
      ? `Deno.env.get("TOKEN_OF_DEPLOY")!`
      : `await (await import("jsr:@signet/oidc")).getIdToken("${audience}")`;
    const before = given ? "" : `const token = ${token};\n`;
    if (!program.includes("Deno.serve(")) return before + program;
    return `${before}${program.replace("Deno.serve(", "const server = Deno.serve(")}
const { port } = server.addr as Deno.NetAddr;
const answer = await fetch(\`http://127.0.0.1:\${port}\`);
if (!answer.ok) throw new Error(await answer.text());
await answer.body?.cancel();
await server.shutdown();\n`;
  });
}

Deno.test("the programs in README and docs/ run", async () => {
  const network = platformNetwork();
  const deploy = await network.add("https://oidc.deno.com");
  const asked: string[] = [];
  await using stage = await openStage({
    network,
    origins: { "https://oidc.deno.com": ({ url }) => network.fetch(url) },
    otherwise({ url, headers }) {
      asked.push(url);
      const known = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(headers.get("authorization") ?? "");
      return new Response(known ? "hello" : "who are you?", { status: known ? 200 : 401 });
    },
  });
  const iat = Math.floor(Date.now() / 1000);
  const env = {
    ...OPERATOR,
    SIGNET_REQUEST_TOKEN: await stage.signet.register({
      audiences: ["*"],
      id: "web",
    }),
    DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
    TOKEN_OF_DEPLOY: await deploy.sign({
      ...{
        iat,
        exp: iat + 300,
        aud: "https://orders.acme.test",
        sub: "deployment:acme/web/production",
      },
      org_id: "729adb8f-20d6-4b09-bb14-fac14cb260d1",
      app_id: "16ad21d8-7aeb-4155-8aa3-9f58df87cd3e",
    }),
  };
  let count = 0;
  for (const path of pages) {
    for (const program of await programsOf(path)) {
      await Deno.writeTextFile(`${stage.work}/program.ts`, program);
      const { code, stderr } = await stage.run("deno run -A program.ts", env);
      assertEquals(code, 0, `${path}:\n${program}\n${stderr}`);
      count++;
    }
  }
  assert(count >= 10, String(count));
  assertEquals(asked.sort(), ["https://api.acme.test/orders", "https://api.example.com/orders"]);
});
