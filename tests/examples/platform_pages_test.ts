/**
 * Each page of docs/platforms/ is followed to the letter: its trust rule is written by its own commands, its job runs
 * as its configuration says, on a stand-in of the platform that signs the claims that the page shows, and what the page
 * says is printed is looked for. A job whose token differs must be refused.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt } from "jose";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { startIssuer } from "../_support/start_issuer.ts";
import { presetOfIssuer, PRESETS } from "../../issuer/trust/presets/find_preset.ts";
import { block, type Scene, SCENES } from "./_platform_scenes.ts";
import { openStage, OPERATOR, OWN } from "./_stage.ts";
import { readFile } from "./_support.ts";

const folder = new URL("../../docs/platforms/", import.meta.url);
const pages = [...Deno.readDirSync(folder)].map(({ name }) => name.replace(/\.md$/, "")).sort();
const squeeze = (text: string) => text.replace(/ +/g, " ");

/** Makes a page's platform and the issuer; `change` makes its tokens differ from what the page shows. */
async function play(name: string, change: Record<string, unknown> = {}) {
  const page = await readFile(`docs/platforms/${name}.md`);
  const shown = /^```json\n/m.test(page) ? block(page, "json") : '{"iss":"https://none.test"}';
  const claims = JSON.parse(shown) as Record<string, unknown>;
  const network = platformNetwork();
  const platform = await network.add(String(claims.iss));
  const sign: Scene["sign"] = (aud, more = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    const jti = claims.jti === undefined ? {} : { jti: crypto.randomUUID() };
    return platform.sign({ ...claims, aud, iat, exp: iat + 300, ...jti, ...more, ...change });
  };
  const own: { fetch?: typeof fetch } = {};
  const job = await SCENES[name]!({ page, claims, sign, fetch: (...args) => own.fetch!(...args) });
  const stage = await openStage({ ...job.stage, network });
  own.fetch = (input, init) => stage.signet.issuer.fetch(new Request(input, init));
  return { page, job, stage };
}

Deno.test("every platform that the client or the issuer knows has a page, and every page a scene", () => {
  assertEquals(pages, Object.keys(SCENES).sort());
  const names: Record<string, string> = {
    github: "github-actions",
    google: "google-cloud",
    signet: "another-signet",
  };
  for (const { name } of PRESETS) assert(pages.includes(names[name] ?? name), name);
});

for (const name of pages) {
  Deno.test(`docs/platforms/${name}.md brings a program its token, as it says`, async () => {
    const { page, job, stage } = await play(name);
    await using _ = stage;
    const operator = await stage.run(block(page, "sh"), OPERATOR);
    assertEquals(operator.code, 0, operator.stderr);
    const { code, stdout, stderr } = await stage.run(job.script);
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    for (const line of block(page, "text").trim().split("\n")) {
      assertStringIncludes(squeeze(stdout), squeeze(line).trim(), stderr);
    }
    assertEquals([stage.strays, stage.network.strays], [[], []]);
  });
}

for (const name of pages.filter((name) => name !== "vm")) {
  Deno.test(`docs/platforms/${name}.md: a token that differs in one claim of the rule gets nothing`, async () => {
    const page = await readFile(`docs/platforms/${name}.md`);
    const claims = JSON.parse(block(page, "json"));
    const text = /<<'?EOF'?\n([\s\S]*?)^EOF$/m.exec(block(page, "sh"))![1]!;
    const [rule] = JSON.parse(text.replace('"$id"', JSON.stringify(claims.sub)));
    const network = platformNetwork();
    const platform = await network.add(claims.iss);
    await using signet = startIssuer({ issuer: OWN, now: Date.now, fetch: network.fetch });
    await signet.register({ trust: [rule] });
    const { trust: [full] } = await (await signet.admin("GET", "workloads/web")).json();
    const exchange = async (change: Record<string, unknown>) => {
      const iat = Math.floor(Date.now() / 1000);
      const more = { aud: full.audience, iat, exp: iat + 300, jti: crypto.randomUUID() };
      const subject_token = await platform.sign({ ...claims, ...more, ...change });
      const response = await signet.get("/token", {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
          subject_token,
          audience: "https://api.acme.test",
        }),
      });
      return [response.status, JSON.stringify(await response.json())] as const;
    };
    const [accepted, answer] = await exchange({});
    assertEquals(accepted, 200, answer);
    checkTakenOver(page, JSON.parse(answer).access_token, claims.iss);
    const pinned = Object.keys(full.claims);
    assert(pinned.length > 0);
    for (const claim of pinned) {
      const [status, answer] = await exchange({ [claim]: "of-a-stranger" });
      assertEquals(status, 400, claim);
      assertStringIncludes(answer, "meets no trust rule");
    }
    assertEquals((await exchange({ aud: "https://other.test" }))[0], 400);
  });
}

/** What the page says that our token takes over is what it does. */
function checkTakenOver(page: string, token: string, issuer: string): void {
  const told = /(?:Yours takes over|takes\nover) ([\s\S]*?)\n\n/.exec(page)![1]!;
  const listed = [...told.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!);
  const known = new Set(listed.concat("iss", "sub", "aud", "iat", "nbf", "exp", "jti", "platform"));
  const claims = decodeJwt(token);
  const own = ["org", "app", "context", "workload"];
  for (const claim of Object.keys(claims)) {
    assert(known.has(claim) || own.includes(claim), `${claim} is not told of`);
  }
  const preset = presetOfIssuer(issuer) ?? PRESETS.find(({ name }) => name === claims.platform)!;
  const { extra } = preset.verified;
  const possible = new Set([...Object.keys(extra), "deployment_id", "revision_id"]);
  for (const name of listed) assert(possible.has(name), `${name} is not taken over`);
}
