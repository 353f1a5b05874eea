/** What importing a helper costs, and that the helpers work outside Deno. */
import { assert, assertEquals } from "@std/assert";
import { startCloudIssuer } from "../../_support/cloud_issuer.ts";
import { fakeAws } from "../../interop/fakes/aws.ts";
import { fakeGoogle } from "../../interop/fakes/google.ts";
import { fakeVault } from "../../interop/fakes/vault.ts";
import { nodeVersion } from "../../verify/_node_build.ts";
import { buildFolderForNode } from "../_node_build.ts";

const client = new URL("../../../client/", import.meta.url);
const helpers = ["aws", "gcp", "azure", "vault", "kubernetes", "exchange_token"];

interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[];
}

/** Modules that importing `entry` loads, and those that it may load later. */
async function graphOf(entry: string): Promise<{ early: string[]; all: string[] }> {
  const args = ["info", "--json", entry];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const modules: Module[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const early = new Set<string>();
  const visit = (specifier: string) => {
    if (early.has(specifier)) return;
    early.add(specifier);
    for (const { code, isDynamic } of byName.get(specifier)?.dependencies ?? []) {
      if (code?.specifier && !isDynamic) visit(code.specifier);
    }
  };
  visit(entry);
  return { early: [...early], all: [...byName.keys()] };
}

for (const helper of helpers) {
  Deno.test(`importing the helper ${helper} loads nothing foreign, and little before its first use`, async () => {
    const { early, all } = await graphOf(new URL(`${helper}.ts`, client).href);
    assertEquals(all.filter((specifier) => !specifier.startsWith(client.href)), []);
    const slow = /\/(?:http|refreshing|retry|mint|token_cache|sources)\b/;
    assertEquals(early.filter((specifier) => slow.test(specifier)), []);
    assert(early.length <= 20, `${early.length} modules`);
  });
}

const program = `
import { awsCredentials } from "./client/aws.mjs";
import { googleAccessToken } from "./client/gcp.mjs";
import { vaultLogin } from "./client/vault.mjs";
import { azureCredential } from "./client/azure.mjs";
const { url, roleArn, provider, tokens } = JSON.parse(process.argv[2]);
const getIdToken = async (audience) => tokens[audience];
const second = roleArn + "2";
const options = { roleArn, endpoint: url, getIdToken, chain: [{ roleArn: second }] };
const { accessKeyId, expiration } = await awsCredentials(options)();
const google = await googleAccessToken({ provider, stsUrl: url + "/v1/token", getIdToken })();
const vault = await vaultLogin({ address: url, role: "web", audience: "vault", getIdToken });
const held = await vault.token();
await vault[Symbol.asyncDispose]();
const azure = await azureCredential({ tenantId: "t", clientId: "c", authorityHost: url, getIdToken, attempts: 1 })
  .getToken("https://x/.default").catch((error) => [error.name, error.code]);
console.log(JSON.stringify([
  accessKeyId.slice(0, 4), expiration > new Date(), google.token.slice(0, 4), held.slice(0, 3), azure,
]));
`;

const node = await nodeVersion();

Deno.test({
  name: "the helpers work under Node 20, with types stripped and nothing else",
  ignore: node === undefined || node < 20,
  async fn() {
    const folder = await Deno.makeTempDir();
    await buildFolderForNode(client, `${folder}/client`);
    await Deno.writeTextFile(`${folder}/program.mjs`, program);
    await using issuer = await startCloudIssuer();
    const roleArn = "arn:aws:iam::123456789012:role/web";
    const provider =
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/signet/providers/issuer";
    const web = {
      issuer: issuer.url,
      aud: "sts.amazonaws.com",
      sub: "deployment:acme/web/production",
    };
    const aws = fakeAws({
      providers: [{ account: "123456789012", issuer: issuer.url, clientIds: [web.aud] }],
      roles: [{ arn: roleArn, web }, { arn: `${roleArn}2`, trusts: { roleArn } }],
    });
    const google = fakeGoogle({ providers: [{ name: provider, issuer: issuer.url }] });
    const vault = fakeVault({ issuer: issuer.url, roles: { web: { boundAudiences: ["vault"] } } });
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/v1/token") return google.fetch(request);
        if (pathname.startsWith("/v1/auth/")) return vault.fetch(request);
        if (pathname === "/") return aws.fetch(request);
        return Response.json({ error: "invalid_client" }, { status: 401 });
      },
    );
    const tokens: Record<string, string> = {};
    for (const audience of [web.aud, `https:${provider}`, "vault", "api://AzureADTokenExchange"]) {
      tokens[audience] = await issuer.mint(audience);
    }
    const url = `http://127.0.0.1:${server.addr.port}`;
    const { stdout, stderr } = await new Deno.Command("node", {
      args: [`${folder}/program.mjs`, JSON.stringify({ url, roleArn, provider, tokens })],
    }).output();
    await Deno.remove(folder, { recursive: true });
    const text = new TextDecoder();
    assertEquals(
      text.decode(stdout),
      '["ASIA",true,"ya29","hvs",["AzureCredentialError","invalid_request"]]\n',
      text.decode(stderr),
    );
  },
});
