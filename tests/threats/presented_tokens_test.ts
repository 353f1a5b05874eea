/** Tokens presented to be exchanged, over HTTP, at both grants that take them. */
import { assert, assertEquals } from "@std/assert";
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { decodeHex, encodeHex } from "@std/encoding/hex";
import { listeningIssuer } from "../_support/listening_issuer.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { hostileCorpus } from "../verify/_corpus.ts";
import { AUDIENCE, ISSUER, NOW, signToken, testKey } from "../verify/_support.ts";
import { audience, type GrantName, present } from "./_support.ts";

const exchanges: readonly GrantName[] = ["token exchange", "jwt-bearer"];

Deno.test("threats 1 to 16, 21, 22: no grant takes a token of the hostile corpus, or answers it with 5xx", async () => {
  const keys = {
    ec: await testKey("ES256", "ec-1"),
    rsa: await testKey("RS256", "rsa-1"),
    ed: await testKey("EdDSA", "ed-1"),
    stranger: await testKey("ES256", "ec-1"),
  };
  const asked = new Set<string>();
  const jwks = { keys: [keys.ec.jwk, keys.rsa.jwk, keys.ed.jwk] };
  const network = ((url: string) => {
    asked.add(url);
    return Promise.resolve(
      Response.json(url.endsWith("/jwks") ? jwks : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }),
    );
  }) as typeof fetch;
  await using started = listeningIssuer({ fetch: network, now: () => NOW });
  const claims = { sub: "deployment:acme/web/production" };
  const rule = { issuer: ISSUER, audience: AUDIENCE, claims, singleUse: false };
  await started.register({ trust: [rule] });

  const taken: string[] = [];
  for (const { threat, name, token } of await hostileCorpus(keys)) {
    if (typeof token !== "string") continue;
    for (const grant of exchanges) {
      const { status, body } = await present(started, { grant, token });
      assert(status === 200 || status === 400, `${name}: ${status}`);
      if (status === 200) taken.push(`${threat} ${name}`);
      else assert(token.length < 24 || !JSON.stringify(body).includes(token.slice(0, 24)), name);
    }
  }
  // The corpus takes the hour of relying parties for the longest life; EKS hands out a day.
  assertEquals([...new Set(taken)], ["12 one second over the cap"]);
  for (const grant of exchanges) {
    assertEquals((await present(started, { grant, token: await signToken(keys.ec) })).status, 200);
  }
  assertEquals([...asked], [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/jwks`]);
});

/** An issuer that trusts a platform, and a way to sign for it. */
async function trusting(rule: Record<string, unknown> = {}) {
  const network = platformNetwork();
  const platform = await network.add("https://ci.acme.test");
  const started = listeningIssuer({ fetch: network.fetch });
  const claims = { project: "web" };
  const trust = [{ issuer: platform.url, audience: started.url, claims, ...rule }];
  const requestToken = await started.register({ trust });
  const sign = (change: Record<string, unknown> = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    const times = { iat, exp: iat + 300, jti: crypto.randomUUID() };
    return platform.sign({ sub: "job", aud: started.url, project: "web", ...times, ...change });
  };
  return { started, network, platform, sign, requestToken };
}

Deno.test("threats 15, 16: no grant takes a token for several audiences or for somebody else", async () => {
  const { started, sign } = await trusting();
  await using _ = started;
  const { url } = started;
  const others = [
    [url, "https://api.acme.test"],
    [url, url],
    "sts.amazonaws.com",
    "api://AzureADTokenExchange",
    `${url}/`,
    `${url}/token`,
    url.slice(0, -1),
    url.toUpperCase(),
    "",
    [],
  ];
  for (const grant of exchanges) {
    for (const aud of others) {
      const { status } = await present(started, { grant, token: await sign({ aud }) });
      assertEquals(status, 400, `${grant} ${JSON.stringify(aud)}`);
    }
    assertEquals((await present(started, { grant, token: await sign() })).status, 200);
  }
});

Deno.test("threat 18: no grant takes this issuer's own token, and none is ever minted for it", async () => {
  const { started, requestToken } = await trusting();
  await using _ = started;
  const { url } = started;
  const mint = async (audience: string) => await started.token(requestToken, { audience });
  for (const own of [url, `${url}/token`, `${url}/admin/workloads`, `${url}/`, `${url}/%74oken`]) {
    const refused = await mint(own);
    assertEquals([refused.status, (await refused.json()).error], [400, "invalid_target"], own);
  }
  const { value } = await (await mint(audience)).json();
  for (const grant of [...exchanges, "private_key_jwt"] as const) {
    const { status } = await present(started, { grant, token: value });
    assert(status === 400 || status === 401, grant);
  }
  const bearer = await started.token(value, { audience });
  assertEquals(bearer.status, 401);
  await bearer.body?.cancel();
});

Deno.test("threats 11, 20: a token that one grant has used up is used up for the other", async () => {
  const { started, sign } = await trusting();
  await using _ = started;
  const token = await sign();
  assertEquals((await present(started, { grant: "token exchange", token })).status, 200);
  assertEquals((await present(started, { grant: "jwt-bearer", token })).status, 400);
  const twin = twinOf(token);
  assert(twin !== token);
  assertEquals((await present(started, { grant: "jwt-bearer", token: twin })).status, 400);
  const [unused, other] = [await sign(), await sign()];
  assertEquals(
    (await present(started, { grant: "jwt-bearer", token: twinOf(unused) })).status,
    200,
  );
  assertEquals((await present(started, { grant: "jwt-bearer", token: unused })).status, 400);
  assertEquals((await present(started, { grant: "token exchange", token: other })).status, 200);
});

/** The same token under the other signature that ECDSA has for it: (r, n − s). */
function twinOf(token: string): string {
  const [header, payload, signature] = token.split(".");
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = decodeBase64Url(signature!);
  const s = order - BigInt(`0x${encodeHex(bytes.subarray(32))}`);
  bytes.set(decodeHex(s.toString(16).padStart(64, "0")), 32);
  return `${header}.${payload}.${encodeBase64Url(bytes)}`;
}
