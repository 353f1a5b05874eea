/** The two programs that reach an audience by their platform's own token, through a real issuer. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createVerifier } from "../../verify/mod.ts";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";
import { SAMPLES } from "../issuer/trust/_samples.ts";
import { deno, readFile } from "./_support.ts";

const root = new URL("../../", import.meta.url);
const listen = { port: 0, hostname: "127.0.0.1", onListen() {} };

/** A real issuer with a preset's rule, and the platform whose tokens it takes. */
async function issuerFor(name: string) {
  const sample = SAMPLES[name]!;
  const network = platformNetwork();
  const platform = await network.add(String(sample.claims.iss));
  const signet = listeningIssuer({ fetch: network.fetch });
  await signet.register({ trust: [sample.presets[0]] });
  const sign = (claims: Record<string, unknown>) => {
    const iat = Math.floor(Date.now() / 1000);
    const times = { iat, exp: iat + 300, jti: crypto.randomUUID() };
    return platform.sign({ ...sample.claims, ...times, ...claims });
  };
  return { sample, signet, network, sign };
}

/** An API that trusts the issuer, and says who called. */
function startApi(signet: StartedIssuer) {
  const callers: string[] = [];
  const server = Deno.serve(listen, async (request) => {
    const audience = url;
    const verifier = createVerifier({ issuer: signet.url, audience, algorithms: ["RS256"] });
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    const claims = await verifier.verify(token).catch(() => undefined);
    if (!claims) return new Response("who are you?", { status: 401 });
    callers.push(claims.sub);
    return new Response(`hello ${claims.sub}`);
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, callers, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("examples/deno_deploy_app.ts reaches its API by Deploy's own token and nothing else", async () => {
  const { sample, signet, sign, network } = await issuerFor("deno-deploy");
  await using _ = signet;
  await using api = startApi(signet);
  const asked: (string | null)[] = [];
  let change: Record<string, unknown> = {};
  await using deploy = Deno.serve(listen, async ({ url }) => {
    const aud = new URL(url).searchParams.get("audience");
    asked.push(aud);
    return new Response(await sign({ aud, ...change }));
  });
  await using app = await startApp({
    DENO_DEPLOY: "true",
    SIGNET_ISSUER: signet.url,
    API_URL: api.url,
    STAND_IN_OF_DEPLOY: `http://127.0.0.1:${deploy.addr.port}/`,
  });
  const sub = `deployment:acme/web/production/${sample.deploymentId}`;
  for (let count = 0; count < 2; count++) {
    assertEquals(await (await fetch(app.url)).text(), `hello ${sub}`, app.log.text);
  }
  assertEquals([asked, api.callers, network.strays], [[signet.url], [sub, sub], []]);

  change = sample.misses["threat 33: a preview"]!;
  await using preview = await startApp({ ...app.env });
  const refused = await fetch(preview.url);
  assertEquals([refused.status, await refused.text()], [503, "This app has no identity"]);
  assertEquals(api.callers.length, 2);
});

Deno.test("examples/github_actions_job.ts reaches its API by the job's own token and nothing else", async () => {
  const { sample, signet, sign, network } = await issuerFor("github");
  await using _ = signet;
  await using api = startApi(signet);
  const seen: string[] = [];
  let change: Record<string, unknown> = {};
  await using github = Deno.serve(listen, async ({ method, url, headers }) => {
    const { pathname, searchParams } = new URL(url);
    seen.push(`${method} ${pathname} ${headers.get("authorization")}`);
    if (searchParams.get("api-version") !== "2.0") return new Response(null, { status: 400 });
    const value = await sign({ aud: searchParams.get("audience"), ...change });
    return Response.json({ count: value.length, value });
  });
  const request = `http://127.0.0.1:${github.addr.port}/job/idtoken`;
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_SHA: String(sample.claims.sha),
    SIGNET_ISSUER: signet.url,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${request}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the-job",
  };
  const args = ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"];
  const job = () => deno([...args, "examples/github_actions_job.ts", api.url], { env });
  const sub = "deployment:acme/web/production";
  const { code, stdout, stderr } = await job();
  assertEquals([code, stdout.trim()], [0, `200 hello ${sub}`], stderr);
  assertEquals(seen, ["GET /job/idtoken Bearer the-job"]);
  assertEquals([api.callers, network.strays], [[sub], []]);

  change = sample.misses["a fork's pull request"]!;
  const fork = await job();
  assertEquals(fork.code, 1);
  assertStringIncludes(fork.stdout, "::error::Cannot get an identity token");
  assertEquals(api.callers.length, 1);
});

Deno.test("the examples of platforms are short and import this package by name only", async () => {
  for (const name of ["deno_deploy_app", "github_actions_job"]) {
    const text = await readFile(`examples/${name}.ts`);
    assert(text.trimEnd().split("\n").length <= 40);
    const imported = [...text.matchAll(/from "([^"]+)"/g)].map(([, specifier]) => specifier);
    assertEquals(imported, ["@signet/oidc"]);
    const { code, stderr } = await deno(["check", "--no-lock", `examples/${name}.ts`]);
    assertEquals(code, 0, stderr);
  }
});

/** Runs the app with a stand-in where Deploy has `jsr:@deno/oidc`; resolves when it listens. */
async function startApp(env: Record<string, string>) {
  const folder = await Deno.makeTempDir();
  const map = `${folder}/import_map.json`;
  const at = (path: string) => new URL(path, root).href;
  const imports = {
    "@signet/oidc": at("mod.ts"),
    "jsr:@deno/oidc": at("tests/examples/_deno_oidc.ts"),
  };
  await Deno.writeTextFile(map, JSON.stringify({ imports }));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-lock", `--import-map=${map}`]
      .concat(["--allow-env", "--allow-net=127.0.0.1,0.0.0.0", "--allow-read=tests/examples"])
      .concat("examples/deno_deploy_app.ts"),
    cwd: root,
    env: { ...env, PORT: "0", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = { text: "" };
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) log.text += part;
  });
  const ended = Promise.all(reading);
  const over = ended.then(() => true);
  const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 10));
  let port: string | undefined;
  while (!port) {
    if (await Promise.race([over, pause()])) throw new Error(log.text);
    port = /Listening on http:\/\/[^:]+:(\d+)/.exec(log.text)?.[1];
  }
  return {
    env,
    log,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await ended;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
