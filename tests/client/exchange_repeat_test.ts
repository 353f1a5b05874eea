import { assertEquals, assertRejects } from "@std/assert";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { startIssuer } from "../_support/start_issuer.ts";
import { claimsOf, emptyRuntime, envOf } from "./_support.ts";

const AUDIENCE = "https://api.acme.test";
const claims = { org_id: "729adb8f", app_id: "16ad21d8", context_name: "production" };

/** An issuer that trusts one app of Deno Deploy, and isolates of a deployment of that app. */
async function setUp(more: { jti?: () => string; trusted?: boolean } = {}) {
  const network = platformNetwork();
  const platform = await network.add("https://oidc.deno.com");
  const started = startIssuer({ fetch: network.fetch });
  const trusted = more.trusted === false ? { ...claims, app_id: "another" } : claims;
  const rule = { issuer: platform.url, audience: started.url, claims: trusted };
  await started.register({ trust: [rule], audiences: ["*"] });
  const slept: number[] = [];
  const statuses: number[] = [];
  const native = (aud: string) => {
    const iat = Math.floor(started.clock.now / 1000);
    const jti = more.jti && { jti: more.jti() };
    return platform.sign({ ...claims, ...jti, sub: "deployment:a/b/c", aud, iat, exp: iat + 300 });
  };
  const isolate = (options = {}) =>
    createIdTokenClient({
      env: envOf({ SIGNET_ISSUER: started.url, DENO_DEPLOY: "true" }),
      runtime: emptyRuntime({ importModule: () => Promise.resolve({ getIdToken: native }) }),
      now: () => started.clock.now,
      random: () => 0.25,
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        const answer = await started.issuer.fetch(new Request(input, init));
        statuses.push(answer.status);
        return answer;
      },
      sleep: (ms: number) => {
        slept.push(ms);
        started.clock.now += ms;
        return Promise.resolve();
      },
      ...options,
    });
  return { started, isolate, native, slept, statuses };
}

Deno.test("exchanged source asks Deno Deploy again when another isolate used the same token", async () => {
  const { started, isolate, slept, statuses } = await setUp();
  await using _ = started;
  const first = await isolate().getIdToken(AUDIENCE);
  const second = await isolate().getIdToken(AUDIENCE);
  assertEquals(statuses, [200, 400, 200]);
  assertEquals(slept, [1500], "no earlier than the next second");
  assertEquals(claimsOf(second).sub, claimsOf(first).sub);
});

Deno.test("exchanged source gets tokens for three audiences that are asked for at once", async () => {
  const { started, isolate, slept } = await setUp();
  await using _ = started;
  using client = isolate();
  const audiences = [1, 2, 3].map((index) => `${AUDIENCE}/${index}`);
  const tokens = await Promise.all(audiences.map((audience) => client.getIdToken(audience)));
  assertEquals(tokens.map((token) => claimsOf(token).aud), audiences);
  assertEquals(slept.length >= 2, true, "two of them had to wait");
});

Deno.test("exchanged source gives up after two more tries", async () => {
  const { started, isolate, slept, statuses } = await setUp({ trusted: false });
  await using _ = started;
  const error = await assertRejects(() => isolate().getIdToken(AUDIENCE), IdTokenError);
  assertEquals((error as IdTokenError).status, 400);
  assertEquals([slept.length, statuses], [2, [400, 400, 400]]);
});

Deno.test("exchanged source does not try again where a token has an identifier", async () => {
  const { started, isolate, slept, statuses } = await setUp({ jti: () => "same" });
  await using _ = started;
  await isolate().getIdToken(AUDIENCE);
  await assertRejects(() => isolate().getIdToken(AUDIENCE), IdTokenError);
  assertEquals([slept, statuses], [[], [200, 400]]);
});

Deno.test("exchanged source does not present again what is handed out ahead of time", async () => {
  const { started, isolate, native, slept, statuses } = await setUp();
  await using _ = started;
  const held = await native(started.url);
  const env = envOf({ SIGNET_ISSUER: started.url, SIGNET_ID_TOKEN: held });
  await isolate({ env }).getIdToken(AUDIENCE);
  await assertRejects(() => isolate({ env }).getIdToken(AUDIENCE), IdTokenError);
  assertEquals([slept, statuses], [[], [200, 400]]);
});

Deno.test("exchanged source does not present again what a function returns again", async () => {
  const { started, isolate, native, slept, statuses } = await setUp();
  await using _ = started;
  const held = await native(started.url);
  const options = { issuer: started.url, source: () => held };
  await isolate(options).getIdToken(AUDIENCE);
  await assertRejects(() => isolate(options).getIdToken(AUDIENCE), IdTokenError);
  assertEquals([slept.length, statuses], [1, [200, 400]]);
});

Deno.test("exchanged source does not wait for a token that only a background refresh wants", async () => {
  const { started, isolate, slept, statuses } = await setUp();
  await using _ = started;
  const failures: unknown[] = [];
  using client = isolate({ onRefreshError: (error: unknown) => failures.push(error) });
  const token = await client.getIdToken(AUDIENCE, { ttl: 300 });
  started.clock.now += 239_000;
  await isolate().getIdToken(AUDIENCE);
  assertEquals(await client.getIdToken(AUDIENCE, { ttl: 300 }), token, "the refresh is behind it");
  while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals([slept, statuses], [[], [200, 200, 400]]);
});
