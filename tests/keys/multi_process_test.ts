import { assertEquals } from "@std/assert";
import { createLocalJWKSet, type JWK, jwtVerify } from "jose";
import { ISSUER } from "./support.ts";

const PROGRAM = new URL("./multi_process_program.ts", import.meta.url);

interface Report {
  readonly jwks: readonly JWK[];
  readonly tokens: readonly string[];
}

async function startProcess(path: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", "--unstable-kv", PROGRAM.pathname, path, ISSUER],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  while (!output.includes("ready\n")) output += (await lines.read()).value ?? "never ready\n";
  const go = async (): Promise<Report> => {
    const stdin = child.stdin.getWriter();
    await stdin.write(new Uint8Array(1));
    await stdin.close();
    let rest = "";
    for (let part = await lines.read(); !part.done; part = await lines.read()) rest += part.value;
    assertEquals((await child.status).code, 0);
    return JSON.parse(rest);
  };
  return { go };
}

Deno.test("createKeyring in six processes on one empty file makes one keyset, hazard 2.5", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/kv.sqlite`;
    const processes = await Promise.all(Array.from({ length: 6 }, () => startProcess(path)));
    const reports = await Promise.all(processes.map(({ go }) => go()));
    for (const { jwks } of reports) {
      assertEquals(jwks, reports[0]!.jwks);
      assertEquals(jwks.length, 6, "an active and a spare key of each algorithm");
    }
    for (const { jwks } of reports) {
      const keys = createLocalJWKSet({ keys: jwks.map((jwk) => ({ ...jwk })) });
      for (const token of reports.flatMap(({ tokens }) => tokens)) await jwtVerify(token, keys);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
