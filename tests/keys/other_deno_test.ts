import { assert, assertEquals } from "@std/assert";
import { createLocalJWKSet, type JWK, jwtVerify } from "jose";
import { findOtherDeno } from "../_support/other_deno.ts";
import { ISSUER } from "./support.ts";

const PROGRAM = new URL("./other_deno_program.ts", import.meta.url).pathname;
const own = [Deno.execPath()];
const other = findOtherDeno();

interface Report {
  readonly version: string;
  readonly jwks: readonly JWK[];
  readonly epochs: Readonly<Record<string, number>>;
  readonly token: string;
}

async function run(
  [program, ...first]: readonly string[],
  { path, mode }: { path: string; mode: "write" | "read" },
): Promise<Report> {
  const options = ["run", "--quiet", "--no-check", "-A", "--unstable-kv", "--lock=tests/deno.lock"];
  const args = [...first, ...options, PROGRAM, path, ISSUER, mode];
  const cwd = new URL("../../", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(program!, { args, cwd }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}

async function assertReads(writer: readonly string[], reader: readonly string[]): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/kv.sqlite`;
    const written = await run(writer, { path, mode: "write" });
    const read = await run(reader, { path, mode: "read" });
    assert(written.version !== read.version);
    assertEquals(written.epochs, { ...read.epochs, EdDSA: 2 });
    assertEquals(read.epochs.EdDSA, 3, "it writes as well");
    const keys = createLocalJWKSet({ keys: read.jwks.map((jwk) => ({ ...jwk })) });
    for (const { token } of [written, read]) await jwtVerify(token, keys);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "createKeyring uses the file of another release of Deno",
  ignore: other === undefined,
  fn: () => assertReads(other!, own),
});

Deno.test({
  name: "createKeyring leaves a file that another release of Deno uses",
  ignore: other === undefined,
  fn: () => assertReads(own, other!),
});
