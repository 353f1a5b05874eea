import { assertEquals } from "@std/assert";
import { buildForNode, nodeVersion } from "./_node_build.ts";
import { AUDIENCE, ISSUER, NOW, signToken, testKey } from "./_support.ts";

const PROGRAM = `
import { createVerifier } from "./mod.mjs";
const { token, options, forged } = JSON.parse(process.argv[2]);
const verifier = createVerifier({ ...options, now: () => ${NOW} });
const { sub } = await verifier.verify(token);
const refused = await verifier.verify(forged).catch((error) => error.code);
let discovered = "";
const remote = createVerifier({ ...options, jwks: undefined, now: () => ${NOW}, fetch: async (url) => {
  discovered += url + " ";
  return Response.json(url.endsWith("jwks") ? options.jwks : { issuer: options.issuer, jwks_uri: options.issuer + "/jwks" });
} });
await remote.verify(token);
console.log(JSON.stringify({ sub, refused, discovered }));
`;

const node = await nodeVersion();
if (node === undefined || node < 20) {
  console.log("verify under Node is not tested here; to enable it, put node (20 or later) on PATH");
}

Deno.test({
  name: "./verify loads and works under Node 20, with types stripped and nothing else",
  ignore: node === undefined || node < 20,
  async fn() {
    const target = await Deno.makeTempDir();
    try {
      await buildForNode(new URL("../../verify/", import.meta.url), target);
      await Deno.writeTextFile(`${target}/program.mjs`, PROGRAM);
      const key = await testKey("RS256", "k1"), token = await signToken(key);
      const options = {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ["RS256"],
        jwks: { keys: [key.jwk] },
      };
      const input = JSON.stringify({ token, options, forged: `${token}AAAA` });
      const command = new Deno.Command("node", { args: [`${target}/program.mjs`, input] });
      const { stdout, stderr } = await command.output();
      assertEquals(new TextDecoder().decode(stderr), "");
      assertEquals(JSON.parse(new TextDecoder().decode(stdout)), {
        sub: "deployment:acme/web/production",
        refused: "signature_invalid",
        discovered: `${ISSUER}/.well-known/openid-configuration ${ISSUER}/jwks `,
      });
    } finally {
      await Deno.remove(target, { recursive: true });
    }
  },
});
