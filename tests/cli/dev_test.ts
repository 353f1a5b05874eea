import { assert, assertEquals, assertMatch } from "@std/assert";
import { systemFiles } from "../../cli/system_files.ts";
import { run } from "./_support.ts";

const main = new URL("../../cli/main.ts", import.meta.url).href;

/** A running `signet dev` and what it printed. */
interface Dev {
  readonly exports: Record<string, string>;
  /** Asks it to stop and waits. */
  stop(): Promise<number>;
}

async function startDev(directory: string, port: number): Promise<Dev> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", main, "dev", "--port", String(port)],
    cwd: directory,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("Then try:")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`signet dev ended early: ${text}`);
    text += value;
  }
  const exports = Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  const stop = async () => {
    child.kill("SIGINT");
    await reader.cancel();
    return (await child.status).code;
  };
  return { exports, stop };
}

async function freePort(): Promise<number> {
  await using server = Deno.serve({ port: 0, onListen: () => {} }, () => new Response());
  return server.addr.port;
}

Deno.test("signet dev names the file that it cannot keep its secrets in", async () => {
  const denied = () => Promise.reject(new Deno.errors.PermissionDenied("Permission denied"));
  const files = { ...systemFiles(), read: denied };
  const port = await freePort();
  const { code, stderr } = await run(["dev", "--port", String(port)], { fetch, files });
  assertEquals(code, 1);
  assertMatch(
    stderr.replace(/\s+/g, " "),
    new RegExp(`in \\.signet/dev-${port}\\.json: Permission denied`),
  );
});

Deno.test("signet dev serves an issuer whose secrets and keys survive a restart", async () => {
  const directory = await Deno.makeTempDir();
  const port = await freePort();
  try {
    const first = await startDev(directory, port);
    const kids = await readKids(port);
    const env = first.exports;
    assertMatch(env.SIGNET_REQUEST_TOKEN!, /^signet_rt_[\w-]{8}_dev_[\w-]{43}$/);
    const token = await run(["token", "--audience", "vault"], { env, fetch });
    assertEquals(token.code, 0, token.stderr);
    const taken = await run(["dev", "--port", String(port)], { fetch });
    assertEquals(taken.code, 6);
    assertEquals(await first.stop(), 0);

    const second = await startDev(directory, port);
    assertEquals(second.exports, first.exports);
    assertEquals(await readKids(port), kids);
    const again = await run(["token", "--audience", "kubernetes"], { env, fetch });
    assertEquals(again.code, 0, again.stderr);
    assertEquals(await second.stop(), 0);
    await checkModes(`${directory}/.signet`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

async function readKids(port: number): Promise<string[]> {
  const { keys } = await (await fetch(`http://localhost:${port}/.well-known/jwks.json`)).json();
  return keys.map((key: { kid: string }) => key.kid);
}

async function checkModes(directory: string): Promise<void> {
  assertEquals((await Deno.stat(directory)).mode! & 0o777, 0o700);
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
  const secrets = names.filter((name) => name.endsWith(".json"));
  assert(secrets.length === 1);
  assertEquals((await Deno.stat(`${directory}/${secrets[0]}`)).mode! & 0o777, 0o600);
}
