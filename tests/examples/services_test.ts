/** The programs that receive tokens: a real issuer, and callers that may and may not. */
import { assert, assertEquals } from "@std/assert";
import { createVerifier } from "../../verify/mod.ts";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { standIn, startApp } from "./_apps.ts";
import { deno, readFile } from "./_support.ts";

const sub = "deployment:acme/web/production";
const audience = "https://api.example.com";

/** A real issuer and tokens of it: for this audience and another, of this workload and another. */
async function startSignet() {
  const signet = listeningIssuer();
  const secrets = {
    web: await signet.register(),
    other: await signet.register({ id: "other", app: "other" }),
  };
  const mint = async (workload: keyof typeof secrets, aud = audience) =>
    (await (await signet.token(secrets[workload], { audience: aud })).json()).value;
  const tokens = {
    own: await mint("web"),
    stranger: await mint("other"),
    misdirected: await mint("web", "https://other.example.com"),
  };
  return { signet, secrets, tokens };
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

for (
  const [file, path, hello] of [
    ["middleware/hono.ts", "/orders/7", `order 7 for ${sub}`],
    ["middleware/plain_handler.ts", "/", `your orders, ${sub}`],
  ] as const
) {
  Deno.test(`examples/${file} lets in who has an identity, and nobody else`, async () => {
    const { signet, tokens } = await startSignet();
    await using _ = signet;
    await using app = await startApp(file, { env: { SIGNET_ISSUER: signet.url } });
    assertEquals(await app.ask(path, bearer(tokens.own)), [200, hello], app.log.text);
    assertEquals(await app.ask(path), [401, "who are you?"]);
    assertEquals(await app.ask(path, bearer(tokens.misdirected)), [401, "audience_mismatch"]);
    assertEquals((await app.ask(path, bearer(tokens.stranger)))[0], 403);
    if (file.includes("hono")) assertEquals((await app.ask("/"))[0], 200);
  });

  Deno.test(`examples/${file} says 503 while the issuer cannot be reached`, async () => {
    const { signet, tokens } = await startSignet();
    await using app = await startApp(file, { env: { SIGNET_ISSUER: signet.url } });
    await signet[Symbol.asyncDispose]();
    assertEquals(await app.ask(path, bearer(tokens.own)), [503, "keys_unavailable"]);
  });
}

Deno.test("examples/middleware/fresh.ts sets the caller, or answers 401 and does not go on", async () => {
  const { signet, tokens } = await startSignet();
  await using _ = signet;
  const program = `
    import { demandIdentity } from "./examples/middleware/fresh.ts";
    for (const token of ${JSON.stringify([tokens.own, tokens.misdirected, undefined])}) {
      const headers = token ? { authorization: "Bearer " + token } : {};
      const state = {};
      const req = new Request("https://api.example.com/orders", { headers });
      const next = () => Promise.resolve(new Response("order for " + state.caller.sub));
      const response = await demandIdentity({ req, state, next });
      console.log(response.status, await response.text());
    }`;
  const env = { SIGNET_ISSUER: signet.url };
  const { stdout, stderr } = await deno(["eval", "--no-lock", program], { env });
  const lines = [`200 order for ${sub}`, "401 audience_mismatch", "401 who are you?"];
  assertEquals(stdout.trim().split("\n"), lines, stderr);
});

Deno.test("examples/service_to_service: orders answers the shop, and nobody else", async () => {
  const { signet, secrets, tokens } = await startSignet();
  await using _ = signet;
  const name = { ORDERS_URL: "https://orders.acme.test" };
  const env = { SIGNET_ISSUER: signet.url, ...name };
  await using orders = await startApp("service_to_service/orders.ts", {
    env: { ...env, ORDERS_CALLERS: sub },
  });
  const startShop = (token: string) =>
    startApp("service_to_service/shop.ts", {
      env: { ...env, ORDERS_ADDRESS: orders.url, SIGNET_REQUEST_TOKEN: token },
    });
  await using shop = await startShop(secrets.web);
  const answer = JSON.stringify({ orders: [1, 2, 3], readBy: sub });
  assertEquals(await shop.ask(), [200, `orders says 200: ${answer}`], shop.log.text);
  await using other = await startShop(secrets.other);
  const refused = "orders says 403: not for deployment:acme/other/production";
  assertEquals(await other.ask(), [200, refused], other.log.text);
  assertEquals(await orders.ask(), [401, "who are you?"]);
  assertEquals(await orders.ask("/", bearer(tokens.own)), [401, "audience_mismatch"]);
  const verifier = createVerifier({ issuer: signet.url, audience, algorithms: ["RS256"] });
  assertEquals((await verifier.verify(tokens.own)).sub, sub); // sound, but for somebody else
});

function runs(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

const hasPython = runs("python3");
if (!hasPython) console.warn("skipped: install python3 to run the test of its example");

Deno.test({
  name:
    "examples/python/call_api.py calls an API as itself, with nothing but the agent's variables",
  ignore: !hasPython,
  fn: async () => {
    const { signet, secrets } = await startSignet();
    await using _ = signet;
    await using api = standIn(async (request) => {
      const options = { issuer: signet.url, audience: api.url, algorithms: ["RS256"] as const };
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      const claims = await createVerifier(options).verify(token).catch(() => undefined);
      return new Response(claims ? `hello ${claims.sub}` : "who are you?", {
        status: claims ? 200 : 401,
      });
    });
    const look =
      "import os; print(sorted(n for n in os.environ if n.startswith('SIGNET_') and not n.startswith('SIGNET_TEST_')))";
    const agent = ["run", "-A", "--lock=tests/deno.lock", "cli/main.ts", "agent", "--", "python3"];
    const env = { SIGNET_ISSUER: signet.url, SIGNET_REQUEST_TOKEN: secrets.web };
    const ran = await deno([...agent, "examples/python/call_api.py", api.url], { env });
    assertEquals([ran.code, ran.stdout], [0, `200 hello ${sub}\n`], ran.stderr);
    assertEquals((await deno([...agent, "-c", look], { env })).stdout, "[]\n");
  },
});

Deno.test("every example is short, imports this package by name only, and names nothing outside deno.json", async () => {
  const { imports, scopes, exports } = JSON.parse(await readFile("deno.json"));
  const own = Object.keys(exports).map((path) => `@signet/oidc${path.slice(1)}`);
  const known = [own, Object.keys({ ...imports, ...scopes["./examples/"] })].flat();
  const files = await examples();
  assert(files.length >= 15);
  for (const file of files) {
    const text = await readFile(`examples/${file}`);
    assert(text.trimEnd().split("\n").length <= 40, `${file} has more than 40 lines`);
    for (const [, name] of text.matchAll(/^(?:import .*|} )from "([^"]+)"/gm)) {
      assert(known.includes(name!), `${file} imports ${name}`);
    }
  }
});

/** The examples that people copy; `demo/` is a program of several files with a lint of its own. */
async function examples(folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(`../../examples/${folder}`, import.meta.url))) {
    if (entry.isDirectory && entry.name !== "demo") {
      found.push(...await examples(`${folder}${entry.name}/`));
    }
    if (/\.(?:ts|py)$/.test(entry.name)) found.push(folder + entry.name);
  }
  return found;
}
