/** A relying party in Go: go-oidc, which Kubernetes, Vault and Dex verify tokens with. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";

const wanted = Deno.env.get("SIGNET_TEST_GO") === "1";
if (!wanted) console.warn("skipped: install Go and set SIGNET_TEST_GO=1 to test with go-oidc");

const audience = "https://api.acme.test";
const profiles = [
  { name: "es256", audiences: ["es256"], alg: "ES256" as const },
  { name: "eddsa", audiences: ["eddsa"], alg: "EdDSA" as const },
];

interface Verdict {
  readonly accepted: boolean;
  readonly text: string;
}

async function buildRelyingParty(folder: string) {
  const cwd = new URL("./go_oidc", import.meta.url).pathname;
  const path = `${folder}/relying_party`;
  const { success, stderr } = await new Deno.Command("go", {
    args: ["build", "-buildvcs=false", "-o", path, "."],
    cwd,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return async (token: string, { issuer, aud }: { issuer: string; aud: string }) => {
    const command = new Deno.Command(path, {
      args: [issuer, aud],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    const child = command.spawn();
    const stdin = child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode(token));
    await stdin.close();
    const { success: accepted, stdout, stderr } = await child.output();
    const text = new TextDecoder().decode(accepted ? stdout : stderr).trim();
    return { accepted, text } satisfies Verdict;
  };
}

async function tokenOf(issuer: StartedIssuer, secret: string, aud: string): Promise<string> {
  const { value } = await (await issuer.token(secret, { audience: aud })).json();
  return value;
}

Deno.test({
  name: "go-oidc verifies tokens from discovery alone and refuses what differs",
  ignore: !wanted,
  async fn(test) {
    const folder = await Deno.makeTempDir();
    let fetch = (_: Request) => Promise.resolve(new Response(null, { status: 503 }));
    const listen = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using server = Deno.serve(listen, (request) => fetch(request));
    const url = `http://127.0.0.1:${server.addr.port}`;
    await using issuer = startIssuer({ issuer: url, profiles });
    fetch = (request) => issuer.issuer.fetch(request);
    try {
      const verify = await buildRelyingParty(folder);
      issuer.clock.now = Date.now() - 7_200_000;
      const secret = await issuer.register();
      const expired = await tokenOf(issuer, secret, audience);
      issuer.clock.now = Date.now();
      const token = await tokenOf(issuer, secret, audience);
      const refused = async (token: string, more: { issuer?: string; aud?: string } = {}) => {
        const { accepted, text } = await verify(token, { issuer: url, aud: audience, ...more });
        assert(!accepted, text);
        return text;
      };

      for (const aud of [audience, "es256", "eddsa"]) {
        await test.step(`accepts a token for ${aud}`, async () => {
          const { accepted, text } = await verify(await tokenOf(issuer, secret, aud), {
            issuer: url,
            aud,
          });
          assert(accepted, text);
          assertEquals(text, "deployment:acme/web/production web");
        });
      }

      await test.step("refuses another audience, a token that is over, another issuer", async () => {
        assertStringIncludes(await refused(token, { aud: "https://other.test" }), "audience");
        assertStringIncludes(await refused(expired), "token is expired");
        const other = url.replace("127.0.0.1", "localhost");
        assertStringIncludes(await refused(token, { issuer: other }), "did not match");
      });

      await test.step("refuses a token that another key signed", async () => {
        await using foreign = startIssuer({ issuer: url });
        foreign.clock.now = Date.now();
        const secret = await foreign.register();
        // The issuers of one test process share their first keys.
        for (const _ of [1, 2]) await foreign.admin("POST", "keys/rotate", { emergency: true });
        const text = await refused(await tokenOf(foreign, secret, audience));
        assertStringIncludes(text, "failed to verify");
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
