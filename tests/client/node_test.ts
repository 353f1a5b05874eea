import { assertEquals } from "@std/assert";
import { nodeVersion } from "../verify/_node_build.ts";
import { buildFolderForNode } from "./_node_build.ts";
import { jwt, requestToken, standIn } from "./_support.ts";

const PROGRAM = `
import { createIdTokenClient, getIdToken, IdTokenError, supportsIssuingIdTokens } from "./client/mod.mjs";
import { hostRuntime } from "./client/runtime.mjs";
const { file, socket, script, dead } = JSON.parse(process.argv[2]);
const token = await getIdToken("aud");
const same = token === await getIdToken("aud");
const env = (name) => ({ SIGNET_ID_TOKEN_FILE: file })[name];
const fromFile = await createIdTokenClient({ env, issuer: undefined }).getIdToken("aud");
const refused = await createIdTokenClient({ issuer: dead, source: "signet", sleep: async () => {} })
  .getIdToken("aud").catch((error) => error instanceof IdTokenError && error.code);
const unreadable = await createIdTokenClient({ source: "file", env: () => undefined })
  .getIdToken("aud").catch((error) => error.code);
const { signal } = new AbortController();
const runtime = hostRuntime();
const unix = await runtime.postUnix(socket, { path: "/v1/tokens/oidc", body: '{"aud":"x"}', signal });
const answer = unix.status + await unix.text();
const command = await runtime.run(script, ["a b", "c"], signal);
const missing = await runtime.run("/nowhere/command", [], signal).catch((error) => error.code);
console.log(JSON.stringify(
  { token, same, supportsIssuingIdTokens, fromFile, refused, unreadable, answer, command, missing },
));
`;

const node = await nodeVersion();
if (node === undefined || node < 20) {
  console.log(
    "the client under Node is not tested here; to enable it, put node (20 or later) on PATH",
  );
}

Deno.test({
  name: ". loads and works under Node 20, with types stripped and nothing else",
  ignore: node === undefined || node < 20,
  async fn() {
    const folder = await Deno.makeTempDir();
    const [file, socket, script] = ["token", "api.sock", "command.sh"].map((n) => `${folder}/${n}`);
    await using issuer = standIn(() => Response.json({ value: token }));
    const token = jwt({ iss: issuer.url, aud: "aud", exp: Date.now() / 1000 + 300 });
    await using machine = standIn(
      ({ method, path, body, headers }) =>
        new Response([method, path, body, headers.get("host")].join(" "), { status: 201 }),
      {
        path: socket,
      },
    );
    await buildFolderForNode(new URL("../../client/", import.meta.url), `${folder}/client`);
    await Deno.writeTextFile(`${folder}/program.mjs`, PROGRAM);
    await Deno.writeTextFile(file!, `${token}\n`);
    await Deno.writeTextFile(script!, '#!/bin/sh\necho "$#$1"; echo warned >&2; exit 3\n');
    await Deno.chmod(script!, 0o700);

    const { stdout, stderr } = await new Deno.Command("node", {
      args: [
        `${folder}/program.mjs`,
        JSON.stringify({ file, socket, script, dead: "http://127.0.0.1:1" }),
      ],
      env: { SIGNET_ISSUER: issuer.url, SIGNET_REQUEST_TOKEN: await requestToken(issuer.url) },
    }).output();

    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), {
      token,
      same: true,
      supportsIssuingIdTokens: true,
      fromFile: token,
      refused: "issuer_mismatch",
      unreadable: "platform_not_ready",
      answer: '201POST /v1/tokens/oidc {"aud":"x"} localhost',
      command: { code: 3, stdout: "2a b\n", stderr: "warned\n" },
      missing: "ENOENT",
    });
    assertEquals([issuer.received.length, machine.received.length], [1, 1]);
    await Deno.remove(folder, { recursive: true });
  },
});
