import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { IdTokenError } from "../../client/errors.ts";
import { envOf, fakeClock, jwt, requestToken } from "./_support.ts";

const AUDIENCE = "https://api.example";

/** An issuer that mints until it is told to fall silent: before its answer, or in the midst of it. */
function falteringIssuer() {
  const state = { silent: undefined as "at once" | "within" | undefined, asked: 0 };
  const over = Promise.withResolvers<Response>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    state.asked++;
    if (state.silent === "at once") return over.promise;
    const iat = Math.floor(Date.now() / 1000);
    const token = jwt({ iss: url, aud: AUDIENCE, iat, exp: iat + 300 });
    const answer = JSON.stringify({ value: token });
    if (state.silent === undefined) return new Response(answer);
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(answer.slice(0, 20))),
    });
    return new Response(body, { headers: { "content-length": String(answer.length) } });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const end = () => (over.resolve(new Response()), server.shutdown());
  return { url, state, [Symbol.asyncDispose]: end };
}

async function environment(url: string, source: string) {
  if (source === "signet") {
    return envOf({ SIGNET_ISSUER: url, SIGNET_REQUEST_TOKEN: await requestToken(url) });
  }
  return envOf({
    FORGEJO_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
  });
}

for (const source of ["signet", "github-actions"]) {
  for (const silent of ["at once", "within"] as const) {
    Deno.test(`${source} source gives a request up when the issuer falls silent ${silent}`, async () => {
      await using issuer = falteringIssuer();
      const env = await environment(issuer.url, source);
      const sleep = () => Promise.resolve();
      using client = createIdTokenClient({ env, sleep, timeoutMs: 50 });
      // By the first token the source is known, and what comes next is the request alone.
      const token = await client.getIdToken(AUDIENCE);
      issuer.state.silent = silent;
      const error = await assertRejects(
        () => client.getIdToken(AUDIENCE, { forceRefresh: true }),
        IdTokenError,
        "no answer within 0.05 s",
      );
      assertEquals([(error as IdTokenError).code, issuer.state.asked], ["timeout", 5]);
      assertEquals(await client.getIdToken(AUDIENCE), token);
    });
  }

  Deno.test(`disposing the client ends a request of the ${source} source`, async () => {
    await using issuer = falteringIssuer();
    let signal: AbortSignal | undefined;
    const client = createIdTokenClient({
      env: await environment(issuer.url, source),
      fetch: (input, init) => (signal = init!.signal!, fetch(input, init)),
    });
    await client.getIdToken(AUDIENCE);
    issuer.state.silent = "at once";
    const waiting = client.getIdToken(AUDIENCE, { forceRefresh: true });
    while (issuer.state.asked < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    client[Symbol.dispose]();
    const error = await assertRejects(() => waiting, IdTokenError);
    assertEquals((error as IdTokenError).code, "client_closed");
    assertEquals(signal?.aborted, true);
  });
}

/** A client whose issuer answers once; what it fetches later never ends, whatever becomes of its signal. */
async function deafClient() {
  const url = "https://issuer.example";
  const clock = fakeClock();
  const state = { asked: 0, deaf: true };
  const answer = () => {
    const iat = Math.floor(clock.now() / 1000);
    return Response.json({ value: jwt({ iss: url, aud: AUDIENCE, iat, exp: iat + 300 }) });
  };
  const client = createIdTokenClient({
    env: await environment(url, "signet"),
    fetch: () =>
      state.asked++ > 0 && state.deaf ? new Promise(() => {}) : Promise.resolve(answer()),
    sleep: () => Promise.resolve(),
    ...{ now: clock.now, timeoutMs: 20 },
  });
  return { client, clock, state, token: await client.getIdToken(AUDIENCE) };
}

Deno.test("a fetch that is deaf to its signal holds up nobody beyond the deadline", async () => {
  const { client, state, token } = await deafClient();
  using _ = client;
  const asked = () => client.getIdToken(AUDIENCE, { forceRefresh: true });
  const error = await assertRejects(asked, IdTokenError);
  assertEquals([(error as IdTokenError).code, state.asked], ["timeout", 5]);
  assertEquals(await client.getIdToken(AUDIENCE), token);
});

Deno.test("a deaf fetch holds up neither dispose nor, once a refresh is lost in it, later callers", async () => {
  const { client, clock, state, token } = await deafClient();
  clock.advance(250_000);
  assertEquals(await client.getIdToken(AUDIENCE), token);
  while (state.asked < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 40));
  state.deaf = false;
  clock.advance(100_000);
  assertNotEquals(await client.getIdToken(AUDIENCE), token);
  state.deaf = true;
  const waiting = client.getIdToken(AUDIENCE, { forceRefresh: true });
  await new Promise((resolve) => setTimeout(resolve, 1));
  client[Symbol.dispose]();
  const error = await assertRejects(() => waiting, IdTokenError);
  assertEquals((error as IdTokenError).code, "client_closed");
});
