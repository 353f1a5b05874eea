import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { eventually } from "../_support/eventually.ts";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import type { StartedIssuer } from "../_support/start_issuer.ts";

const main = new URL("../../cli/main.ts", import.meta.url).pathname;
const lock = new URL("../deno.lock", import.meta.url).pathname;
const sub = "deployment:acme/web/production";
const provider =
  "projects/123456789012/locations/global/workloadIdentityPools/signet/providers/signet";

/** An issuer, a workload's environment and an empty directory. */
interface AgentBench extends AsyncDisposable {
  readonly issuer: StartedIssuer;
  readonly directory: string;
  command(args: readonly string[]): Deno.Command;
  /** The claims of a token that verifies for the audience. */
  verify(token: string, audience: string): Promise<Record<string, unknown>>;
}

async function createAgentBench(): Promise<AgentBench> {
  const issuer = listeningIssuer();
  const directory = await Deno.makeTempDir();
  const env = {
    SIGNET_ISSUER: issuer.url,
    SIGNET_REQUEST_TOKEN: await issuer.register(),
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/web",
    NO_COLOR: "1",
  };
  const keys = createRemoteJWKSet(new URL(`${issuer.url}/.well-known/jwks.json`));
  return {
    issuer,
    directory,
    command: (args) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--no-check", `--lock=${lock}`, main, "agent", ...args],
        env,
        cwd: directory,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }),
    verify: async (token, audience) =>
      (await jwtVerify(token, keys, { issuer: issuer.url, audience })).payload,
    async [Symbol.asyncDispose]() {
      await issuer[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A running agent and the variables that it printed. */
interface RunningAgent {
  readonly env: Readonly<Record<string, string>>;
  stop(signal: Deno.Signal): Promise<number>;
}

async function startAgent(bench: AgentBench, args: readonly string[]): Promise<RunningAgent> {
  const child = bench.command([...args, "--json"]).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const errors = new Response(child.stderr).text();
  let text = "";
  while (!text.trimEnd().endsWith("\n}")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the agent ended early: ${await errors}`);
    text += value;
  }
  return {
    env: JSON.parse(text).environment,
    async stop(signal) {
      child.kill(signal);
      await reader.cancel();
      await errors;
      return (await child.status).code;
    },
  };
}

Deno.test("agent keeps a file fresh: private, replaced whole, gone after SIGTERM", async () => {
  await using bench = await createAgentBench();
  const path = `${bench.directory}/run/aws`;
  const agent = await startAgent(bench, ["--aws-file", "run/aws", "--ttl", "4s"]);
  assertEquals(agent.env.AWS_WEB_IDENTITY_TOKEN_FILE, path);
  assertEquals(agent.env.AWS_ROLE_ARN, "arn:aws:iam::123456789012:role/web");
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assertEquals((await Deno.stat(`${bench.directory}/run`)).mode! & 0o777, 0o700);
  const first = await Deno.open(path);
  const before = await Deno.readTextFile(path);
  const claims = await bench.verify(before, "sts.amazonaws.com");
  assertEquals(claims.sub, sub);
  assertEquals(claims["https://aws.amazon.com/roles"], [agent.env.AWS_ROLE_ARN]);

  const seen = new Set<string>();
  const deadline = Date.now() + 8000;
  while (seen.size < 2 && Date.now() < deadline) {
    const token = await Deno.readTextFile(path);
    // Never half a token, never an expired one.
    await bench.verify(token, "sts.amazonaws.com");
    seen.add(token);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assertEquals(seen.size, 2);
  // Who has the old file open goes on reading the old token: it was renamed over, not written into.
  assertEquals(await new Response(first.readable).text(), before);
  assertEquals([...Deno.readDirSync(`${bench.directory}/run`)].map(({ name }) => name), ["aws"]);
  assertEquals(await agent.stop("SIGTERM"), 0);
  assertEquals([...Deno.readDirSync(`${bench.directory}/run`)], []);
});

Deno.test("agent's endpoint gives tokens for its bearer alone, under its own address alone", async () => {
  await using bench = await createAgentBench();
  const agent = await startAgent(bench, []);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = agent.env;
  const { host, hostname, port } = new URL(url!);
  assertEquals(hostname, "127.0.0.1");
  /** Sends the request line and Host as they are given. */
  const send = async (requestHost: string, authorization: string): Promise<string> => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const lines = [
      "GET /token?audience=vault HTTP/1.1",
      `Host: ${requestHost}`,
      `Authorization: ${authorization}`,
      "Origin: https://evil.test",
      ...["Connection: close", "", ""],
    ];
    await connection.write(new TextEncoder().encode(lines.join("\r\n")));
    return await new Response(connection.readable).text();
  };
  const good = await send(host, `Bearer ${bearer}`);
  assert(good.startsWith("HTTP/1.1 200"), good);
  assert(!/access-control/i.test(good));
  const body = good.slice(good.indexOf("{"), good.lastIndexOf("}") + 1);
  await bench.verify(JSON.parse(body).value, "vault");
  assert((await send("evil.test", `Bearer ${bearer}`)).startsWith("HTTP/1.1 421"));
  assert((await send(`localhost:${port}`, `Bearer ${bearer}`)).startsWith("HTTP/1.1 421"));
  assert((await send(host, `Bearer ${"x".repeat(43)}`)).startsWith("HTTP/1.1 401"));
  assertEquals(await agent.stop("SIGINT"), 0);
});

Deno.test("agent refuses to start on a port that is taken", async () => {
  await using bench = await createAgentBench();
  const { port } = new URL(bench.issuer.url);
  const { code } = await bench.command(["--listen", `127.0.0.1:${port}`]).output();
  assertEquals(code, 6);
});

Deno.test("agent runs a program that knows only @actions/core, without handing it a secret", async () => {
  await using bench = await createAgentBench();
  const program = new URL("./_agent_programs/actions_core.ts", import.meta.url).pathname;
  const deno = [Deno.execPath(), "run", "-A", "--quiet", "--no-check", `--lock=${lock}`, program];
  const { code, stdout, stderr } = await bench.command(["--", ...deno]).output();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  const { token, secrets } = JSON.parse(text.decode(stdout).trim().split("\n").at(-1)!);
  assertEquals((await bench.verify(token, "https://api.acme.test")).sub, sub);
  assertEquals(secrets, []);
});

/** A program in another language, as AWS's SDK for it reads the file. */
const python = `
import base64, json, os
with open(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]) as file:
    token = file.read()
payload = token.split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
print(json.dumps({"token": token, "aud": claims["aud"], "role": os.environ["AWS_ROLE_ARN"]}))
`;

const hasPython = await new Deno.Command("python3", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);
if (!hasPython) {
  console.log("python3 is not installed: its test is left out; install it to enable it");
}

Deno.test({
  name: "agent feeds a Python program by AWS_WEB_IDENTITY_TOKEN_FILE",
  ignore: !hasPython,
  async fn() {
    await using bench = await createAgentBench();
    const args = ["--aws-file", "aws", "--no-listen", "--", "python3", "-c", python];
    const { code, stdout, stderr } = await bench.command(args).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const { token, aud, role } = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([aud, role], ["sts.amazonaws.com", "arn:aws:iam::123456789012:role/web"]);
    await bench.verify(token, aud);
    assertEquals([...Deno.readDirSync(bench.directory)], []);
  },
});

Deno.test("agent ends with its program's exit code and takes the program's own options", async () => {
  await using bench = await createAgentBench();
  const run = (...program: string[]) => bench.command(["--file", "vault=v", "--", ...program]);
  const { code, stderr } = await run("sh", "-c", "test -s v; exit $?").output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals((await run("sh", "-c", "exit 7", "--json").output()).code, 7);
  assertEquals((await run("no-such-program-here").output()).code, 2);
  assertEquals([...Deno.readDirSync(bench.directory)], []);
});

Deno.test("agent passes SIGTERM on to its program and waits for it", async () => {
  await using bench = await createAgentBench();
  const script = "trap 'exit 9' TERM; : > ready; while true; do sleep 0.05; done";
  const child = bench.command(["--no-listen", "--file", "vault=v", "--", "sh", "-c", script])
    .spawn();
  const ready = () => Deno.stat(`${bench.directory}/ready`).then(() => true, () => false);
  const started = Date.now();
  while (!await ready() && Date.now() - started < 20_000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGTERM");
  await child.stdout.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 9);
  await eventually(() => [...Deno.readDirSync(bench.directory)].length === 1);
});

Deno.test("agent writes Google's credential file for its endpoint, or for a token file", async () => {
  await using bench = await createAgentBench();
  const named = ["--google-file", "google.json", "--google-provider", provider];
  const agent = await startAgent(bench, [...named, "--env-file", "env", "--keep"]);
  const path = agent.env.GOOGLE_APPLICATION_CREDENTIALS!;
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const { type, audience, credential_source: source } = JSON.parse(await Deno.readTextFile(path));
  assertEquals([type, audience], ["external_account", `//iam.googleapis.com/${provider}`]);
  const answer = await fetch(source.url, { headers: source.headers });
  const token = (await answer.json())[source.format.subject_token_field_name];
  await bench.verify(token, `https://iam.googleapis.com/${provider}`);
  const lines = Object.entries(agent.env).map(([name, value]) => `${name}=${value}\n`).join("");
  assertEquals(await Deno.readTextFile(`${bench.directory}/env`), lines);
  assertEquals(await agent.stop("SIGTERM"), 0);
  assertNotEquals(await Deno.readTextFile(path), "");

  const args = [...named, "--google-token-file", "token", "--no-listen"];
  const other = await startAgent(bench, args);
  const { file } = JSON.parse(await Deno.readTextFile(path)).credential_source;
  const held = await Deno.readTextFile(file);
  const { iat, exp } = await bench.verify(held, `https://iam.googleapis.com/${provider}`);
  assertEquals(Number(exp) - Number(iat), 3600);
  assertEquals(await other.stop("SIGINT"), 0);
});
