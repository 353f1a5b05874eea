/** What a request token is worth to somebody who read it in an environment, a dump or a log. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeBase64Url } from "@std/encoding/base64url";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";

const audience = "https://api.acme.test";
const day = 24 * 3600 * 1000;

async function addCredential(
  started: ReturnType<typeof startIssuer>,
  more: Record<string, unknown> = {},
): Promise<{ id: string; secret: string; expiresAt: string }> {
  const body = { type: "request_token", ...more };
  return await (await started.admin("POST", "workloads/web/credentials", body)).json();
}

Deno.test("threat 54: a request token has 256 random bits, a prefix for scanners, and one issuer, audience and end", async () => {
  await using started = startIssuer();
  await using other = startIssuer({ issuer: "https://other.test" });
  await started.register();
  const { secret } = await addCredential(started, { audiences: [audience], expiresIn: 3600 });
  assertMatch(secret, /^signet_rt_[\w-]{8}_web_[\w-]{43}$/);
  assertEquals(decodeBase64Url(secret.slice(-43)).length, 32);
  const again = await addCredential(started);
  assert(again.secret.slice(-43) !== secret.slice(-43));
  const status = async (issuer: typeof started, wanted: string) => {
    const response = await issuer.token(secret, { audience: wanted });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status(started, audience), 200);
  assertEquals(await status(started, "https://elsewhere.test"), 400);
  await other.register();
  assertEquals(await status(other, audience), 401);
  started.clock.now += 3_600_000;
  assertEquals(await status(started, audience), 401);
});

Deno.test("threat 55: a request token ends by itself, overlaps with its successor, and says from where it is used", async () => {
  const events: Record<string, unknown>[] = [];
  await using started = startIssuer({
    onEvent: (event) => void events.push(event as unknown as Record<string, unknown>),
  });
  await started.register();
  const old = await addCredential(started);
  assert(Date.parse(old.expiresAt) <= started.clock.now + 366 * day, "no token is for ever");
  const fresh = await addCredential(started);
  const ask = async (secret: string, hostname: string) => {
    const url = `${started.url}/token?audience=${encodeURIComponent(audience)}`;
    const request = new Request(url, { headers: { authorization: `Bearer ${secret}` } });
    const response = await started.issuer.fetch(request, { remoteAddr: { hostname } });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals([await ask(old.secret, "192.0.2.1"), await ask(fresh.secret, "192.0.2.1")], [
    200,
    200,
  ]);
  assertEquals(await ask(old.secret, "198.51.100.7"), 200);
  const uses = events.filter(({ decision }) => decision === "issued");
  assertEquals(uses.map(({ credential, source }) => [credential, source]), [
    [old.id, "192.0.2.1"],
    [fresh.id, "192.0.2.1"],
    [old.id, "198.51.100.7"],
  ]);
  await (await started.admin("DELETE", `workloads/web/credentials/${old.id}`)).body?.cancel();
  assertEquals([await ask(old.secret, "192.0.2.1"), await ask(fresh.secret, "192.0.2.1")], [
    401,
    200,
  ]);
});

Deno.test("threat 55: printing an issuer or a client shows none of the secrets that it was given", async () => {
  await using started = startIssuer();
  const secret = await started.register();
  await (await started.token(secret, { audience })).body?.cancel();
  const env: Record<string, string> = {
    SIGNET_ISSUER: started.url,
    SIGNET_REQUEST_TOKEN: secret,
  };
  const client = createIdTokenClient({
    env: (name) => env[name],
    now: () => started.clock.now,
    fetch: (input, init) => started.issuer.fetch(new Request(input, init)),
  });
  const token = await client.getIdToken(audience);
  const options = { depth: 12, showHidden: true, iterableLimit: 1_000, strAbbreviateSize: 100_000 };
  for (const thing of [started.issuer, client]) {
    for (const shown of [Deno.inspect(thing, options), JSON.stringify(thing)]) {
      for (const canary of [secret, secret.slice(-43), adminToken, token]) {
        assert(!shown.includes(canary), `${canary.slice(0, 12)}… is shown`);
      }
    }
  }
});
