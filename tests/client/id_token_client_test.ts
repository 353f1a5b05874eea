import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { createIdTokenClient, getIdToken, IdTokenError } from "../../client/mod.ts";
import type { GetIdTokenOptions, IdTokenClientOptions } from "../../client/mod.ts";
import type { Flight } from "../../client/flight.ts";
import type { LoadedToken } from "../../client/held_tokens.ts";
import { TokenCache } from "../../client/token_cache.ts";
import { claimsOf, emptyRuntime, envOf, fakeClock, jwt } from "./_support.ts";

const A = "https://a.example";

/** A client over a function source with a fake clock; `fail` makes the source fail. */
function setup(options: IdTokenClientOptions & { lifetime?: number } = {}) {
  const clock = fakeClock();
  const { lifetime = 300, ...more } = options;
  const state = { fail: false, calls: [] as string[], errors: [] as unknown[], lifetime };
  const client = createIdTokenClient({
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    onRefreshError: (error) => state.errors.push(error),
    source: async (aud) => {
      state.calls.push(aud);
      await undefined;
      if (state.fail) throw new IdTokenError("Cannot: down", { code: "unavailable" });
      const iat = Math.floor(clock.now() / 1000);
      return jwt({ aud, iat, exp: iat + state.lifetime, jti: crypto.randomUUID() });
    },
    ...more,
  });
  return { client, clock, state };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await undefined;
}

Deno.test("getIdToken without an audience throws (threat 70)", async () => {
  const { client, state } = setup();
  for (const audience of [undefined, null, "", " ", 7, {}, ["a"], "a\nb", "a\u0000"]) {
    for (const ask of [getIdToken, client.getIdToken, client.prefetch]) {
      await assertRejects(() => ask(audience as string), TypeError, "audience");
    }
  }
  assertEquals(state.calls, []);
});

Deno.test("getIdToken refuses malformed options", async () => {
  const { client } = setup();
  const faulty = [
    { ttl: 0 },
    { ttl: 1.5 },
    { ttl: "60" },
    { roles: ["a b"] },
    { roles: "arn" },
    { roles: [1] },
    { sessionTags: [""] },
    { sourceIdentity: "a\nb" },
  ] as unknown as GetIdTokenOptions[];
  for (const options of faulty) {
    await assertRejects(() => client.getIdToken(A, options), TypeError, Object.keys(options)[0]);
  }
});

Deno.test("getIdToken shares one request and the cached token between callers", async () => {
  const { client, state } = setup();
  const tokens = await Promise.all(Array.from({ length: 50 }, () => client.getIdToken(A)));
  assertEquals(new Set(tokens).size, 1);
  assertEquals(await client.getIdToken(A, {}), tokens[0]);
  assertEquals(state.calls, [A]);
});

Deno.test("getIdToken keeps audiences and options apart, also __proto__ and crafted names", async () => {
  const { client, state } = setup();
  const audiences = ["__proto__", "constructor", "toString", A, `${A}/`, "A", "a"];
  const first = await Promise.all(audiences.map((audience) => client.getIdToken(audience)));
  const again = await Promise.all(audiences.map((audience) => client.getIdToken(audience)));
  assertEquals(first, again);
  assertEquals(first.map((token) => claimsOf(token).aud), audiences);
  await client.getIdToken(A, { ttl: 60 });
  assertNotEquals(await client.getIdToken(A, { ttl: 60 }), await client.getIdToken(A, { ttl: 61 }));
  await assertRejects(() => client.getIdToken(`${A}\n60\n\n\n`), TypeError);
  assertEquals(state.calls.length, audiences.length + 2);
});

Deno.test("getIdToken serves the old token while one background refresh runs", async () => {
  const { client, clock, state } = setup();
  const first = await client.getIdToken(A);
  clock.advance(224_000);
  assertEquals(await client.getIdToken(A), first);
  await settle();
  assertEquals(state.calls.length, 1);
  clock.advance(2000);
  assertEquals(await Promise.all([client.getIdToken(A), client.getIdToken(A)]), [first, first]);
  await settle();
  assertEquals(state.calls.length, 2);
  assertNotEquals(await client.getIdToken(A), first);
});

Deno.test("getIdToken serves the old token through failing refreshes until its floor, then fails, then recovers", async () => {
  const { client, clock, state } = setup();
  const first = await client.getIdToken(A);
  state.fail = true;
  clock.advance(226_000);
  for (let second = 226; second < 270; second++) {
    assertEquals(await client.getIdToken(A), first);
    await settle();
    clock.advance(1000);
  }
  // One try per gap of 15 s, not one per call.
  assertEquals([state.calls.length, state.errors.length], [4, 3]);
  await assertRejects(() => client.getIdToken(A), IdTokenError, "down");
  assertEquals(state.calls.length, 8);
  state.fail = false;
  assertNotEquals(await client.getIdToken(A), first);
});

Deno.test("getIdToken retries a background refresh that a caller has come to need", async () => {
  const { client, clock, state } = setup();
  await client.getIdToken(A);
  clock.advance(269_000);
  state.fail = true;
  await client.getIdToken(A);
  clock.advance(2000);
  const needed = client.getIdToken(A);
  await assertRejects(() => needed, IdTokenError, "down");
  assertEquals(state.calls.length, 5);
  assertEquals(clock.slept.length, 3);
});

Deno.test("getIdToken tells once of a refresh that fails slowly", async () => {
  const clock = fakeClock();
  const errors: unknown[] = [];
  let fail = () => {};
  let calls = 0;
  const iat = clock.now() / 1000;
  using client = createIdTokenClient({
    now: clock.now,
    onRefreshError: (error) => errors.push(error),
    source: () =>
      calls++ === 0
        ? jwt({ aud: A, iat, exp: iat + 3600 })
        : new Promise((_, reject) => fail = () => reject(new Error("slow"))),
  });
  await client.getIdToken(A);
  clock.advance(3_000_000);
  for (let minute = 0; minute < 5; minute++) {
    await client.getIdToken(A);
    await settle();
    clock.advance(60_000);
  }
  fail();
  await settle();
  assertEquals([calls, errors.length], [2, 1]);
});

Deno.test("getIdToken tells a caller with a signal of a failure too", async () => {
  const { client, state } = setup();
  state.fail = true;
  const { signal } = new AbortController();
  await assertRejects(() => client.getIdToken(A, { signal }), IdTokenError, "down");
});

Deno.test("TokenCache keeps nothing that arrives after it was closed", async () => {
  const clock = fakeClock();
  const cache = new TokenCache({
    ...{ now: clock.now, elapsed: clock.now, limit: 10 },
    onRefreshError: () => {},
  });
  const times = { refreshAt: Infinity, deadAt: Infinity, gapMs: 1 };
  let arrive = () => {};
  const load = () =>
    new Promise<{ token: string; times: typeof times }>((resolve) => {
      arrive = () => resolve({ token: "late", times });
    });
  const waiting = cache.get({ key: A, plain: true, load });
  await settle();
  cache.close();
  arrive();
  await assertRejects(() => waiting, IdTokenError, "disposed");
  assertEquals(cache.peek(A), undefined);
});

/** A cache whose loads are listed and wait to be told what they bring; `deaf` ones cannot be ended. */
function cacheOfLoads({ deaf = false } = {}) {
  const loads: { arrive(token: string): void; ended: unknown; wanted(): boolean }[] = [];
  const zero = () => 0;
  const cache = new TokenCache({ now: zero, elapsed: zero, limit: 10, onRefreshError: () => {} });
  const load = (flight: Flight) =>
    new Promise<LoadedToken>((resolve, reject) => {
      const times = { refreshAt: Infinity, deadAt: Infinity, gapMs: 1 };
      const entry = {
        arrive: (token: string) => resolve({ token, times }),
        ended: undefined as unknown,
        wanted: () => flight.wanted,
      };
      loads.push(entry);
      flight.begin((reason) => {
        entry.ended = reason;
        if (!deaf) reject(reason);
      });
    });
  return { cache, loads, asked: { key: A, plain: true, load } };
}

Deno.test("TokenCache ends a request that nobody waits for any more, and the next caller starts anew", async () => {
  const { cache, loads, asked } = cacheOfLoads();
  const [first, second] = [new AbortController(), new AbortController()];
  const leaving = [first, second].map(({ signal }) => cache.get(asked, signal));
  await settle();
  first.abort(new Error("first leaves"));
  await assertRejects(() => leaving[0]!, Error, "first leaves");
  assertEquals([loads.length, loads[0]!.ended], [1, undefined]);
  const last = new Error("last leaves");
  second.abort(last);
  await assertRejects(() => leaving[1]!, Error, "last leaves");
  assertEquals(loads[0]!.ended, last);
  const next = cache.get(asked);
  await settle();
  loads[1]!.arrive("token");
  assertEquals([await next, await cache.get(asked), loads.length], ["token", "token", 2]);
});

Deno.test("TokenCache keeps a request for a caller who comes as the last one leaves", async () => {
  const { cache, loads, asked } = cacheOfLoads();
  const stop = new AbortController();
  const leaving = cache.get(asked, stop.signal);
  await settle();
  stop.abort(new Error("I leave"));
  const next = cache.get(asked);
  await assertRejects(() => leaving, Error, "I leave");
  loads[0]!.arrive("token");
  assertEquals([await next, loads.length], ["token", 1]);
});

Deno.test("TokenCache takes nothing from a request that was ended and comes back late", async () => {
  const { cache, loads, asked } = cacheOfLoads({ deaf: true });
  const stop = new AbortController();
  const leaving = cache.get(asked, stop.signal);
  await settle();
  stop.abort(new Error("I leave"));
  await assertRejects(() => leaving, Error, "I leave");
  const next = cache.get(asked);
  await settle();
  loads[0]!.arrive("late");
  await settle();
  const other = cache.get(asked);
  loads[1]!.arrive("token");
  assertEquals([await next, await other, loads.length], ["token", "token", 2]);
});

Deno.test("TokenCache leaves a background request running when the caller who joined it gives up", async () => {
  const { cache, loads, asked } = cacheOfLoads();
  const background = cache.prefetch(asked);
  const stop = new AbortController();
  const joined = cache.get(asked, stop.signal);
  await settle();
  assertEquals(loads[0]!.wanted(), true);
  stop.abort(new Error("I leave"));
  await assertRejects(() => joined, Error, "I leave");
  assertEquals([loads[0]!.wanted(), loads[0]!.ended], [false, undefined]);
  loads[0]!.arrive("token");
  assertEquals(await background, "token");
});

Deno.test("a function as source is exchanged only where the issuer is an option, not by the environment", async () => {
  const token = jwt({ aud: A, exp: Date.now() / 1000 + 300 });
  const env = envOf({ SIGNET_ISSUER: "https://issuer.example" });
  using client = createIdTokenClient({ env, source: () => token });
  assertEquals([await client.getIdToken(A), client.issuer], [token, undefined]);
});

Deno.test("getIdToken with forceRefresh asks anew once for all, and keeps the held token if that fails", async () => {
  const { client, state } = setup();
  const held = await client.getIdToken(A);
  const renewed = await Promise.all([1, 2].map(() => client.getIdToken(A, { forceRefresh: true })));
  assertNotEquals(renewed[0], held);
  assertEquals(renewed[0], renewed[1]);
  assertEquals(await client.getIdToken(A), renewed[0]);
  assertEquals(state.calls.length, 2);
  state.fail = true;
  await assertRejects(() => client.getIdToken(A, { forceRefresh: true }), IdTokenError);
  assertEquals(await client.getIdToken(A), renewed[0]);
});

Deno.test("getIdToken does not remember a failure", async () => {
  const { client, state } = setup();
  state.fail = true;
  await assertRejects(() => client.getIdToken(A), IdTokenError);
  state.fail = false;
  assertEquals(claimsOf(await client.getIdToken(A)).aud, A);
});

Deno.test("getIdToken lets one caller abort without failing the others", async () => {
  const { client, state } = setup();
  const controller = new AbortController();
  const leaving = client.getIdToken(A, { signal: controller.signal });
  const staying = client.getIdToken(A);
  controller.abort(new Error("I leave"));
  await assertRejects(() => leaving, Error, "I leave");
  assertEquals(claimsOf(await staying).aud, A);
  await assertRejects(() => client.getIdToken(A, { signal: controller.signal }), Error, "I leave");
  assertEquals(state.calls.length, 1);
});

Deno.test("getIdToken ends for a caller whose own source ends it", async () => {
  const controller = new AbortController();
  const { client } = setup({
    source: (aud) => {
      if (aud === A) return jwt({ aud, exp: 2e9 });
      controller.abort(new Error("mine"));
      return new Promise<string>(() => {});
    },
  });
  await client.getIdToken(A);
  const { signal } = controller;
  await assertRejects(() => client.getIdToken("b", { signal }), Error, "mine");
  client[Symbol.dispose]();
});

Deno.test("a source that asks its own client joins the request that it is part of", async () => {
  let calls = 0;
  const { client } = setup({
    timeoutMs: 5,
    source: (aud) => {
      if (calls++ === 0) return jwt({ aud, exp: 2e9 });
      return client.getIdToken(aud, { forceRefresh: true });
    },
  });
  await client.getIdToken(A);
  const error = await assertRejects(
    () => client.getIdToken(A, { forceRefresh: true }),
    IdTokenError,
  );
  assertEquals([(error as IdTokenError).code, calls], ["timeout", 5]);
});

Deno.test("getIdToken forgets the least recently used audience when its cache is full", async () => {
  const { client, clock, state } = setup({ cacheSize: 3 });
  for (const audience of ["a", "b", "c", "a", "d"]) {
    await client.getIdToken(audience);
    clock.advance(1);
  }
  state.calls.length = 0;
  for (const audience of ["a", "c", "d"]) await client.getIdToken(audience);
  assertEquals(state.calls, []);
  await client.getIdToken("b");
  assertEquals(state.calls, ["b"]);
});

Deno.test("getIdToken notices a clock that is set back", async () => {
  const { client, clock, state } = setup();
  const first = await client.getIdToken(A);
  clock.advance(200_000);
  assertEquals(await client.getIdToken(A), first);
  clock.advance(-150_000);
  // 70 s of usable life are left, whatever the clock shows now; a fresh look is taken.
  assertEquals(await client.getIdToken(A), first);
  await settle();
  assertEquals(state.calls.length, 2);
  const second = await client.getIdToken(A);
  assertNotEquals(second, first);

  state.fail = true;
  clock.advance(200_000);
  assertEquals(await client.getIdToken(A), second);
  clock.advance(-150_000);
  assertEquals(await client.getIdToken(A), second);
  clock.advance(71_000);
  await settle();
  await assertRejects(() => client.getIdToken(A), IdTokenError);
});

Deno.test("getIdToken notices a clock that was set back while nobody asked", async () => {
  // The clock is ten minutes ahead when the program starts, and set right while it idles.
  for (const idleMs of [480_000, 610_000, 720_000]) {
    const { now: real, advance } = fakeClock();
    let aheadMs = 600_000;
    let calls = 0;
    using client = createIdTokenClient({
      now: () => real() + aheadMs,
      elapsed: real,
      env: envOf({
        ACTIONS_ID_TOKEN_REQUEST_URL: "https://platform.example/token?v=1",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
      }),
      // By the answer's Date the client knows how far the clock is ahead.
      fetch: () => {
        calls++;
        const iat = Math.floor(real() / 1000), date = new Date(real()).toUTCString();
        const value = jwt({ aud: A, iat, exp: iat + 300 });
        return Promise.resolve(Response.json({ value }, { headers: { date } }));
      },
    });
    await client.getIdToken(A);
    aheadMs = 0;
    advance(idleMs);
    for (let minute = 0; minute < 5; minute++) {
      const { exp } = claimsOf(await client.getIdToken(A));
      assert(Number(exp) * 1000 > real(), `expired, after ${idleMs} ms and ${minute} min`);
      await settle();
      advance(60_000);
    }
    assertEquals(calls, 3);
  }
});

Deno.test("getIdToken takes a clock that is trimmed for the one it was", async () => {
  const { now: real, advance } = fakeClock();
  let aheadMs = 0;
  const { client, state } = setup({ now: () => real() + aheadMs, elapsed: real, lifetime: 3_600 });
  await client.getIdToken(A);
  for (let second = 0; second < 60; second++) {
    advance(1000);
    aheadMs -= 5;
    await client.getIdToken(A);
  }
  assertEquals(state.calls.length, 1);
  // Many small steps make a large one.
  for (let second = 0; second < 4; second++) {
    advance(1000);
    aheadMs -= 500;
    await client.getIdToken(A);
    await settle();
  }
  assertEquals(state.calls.length, 2);
});

Deno.test("getIdToken takes a forward leap of the clock as time that passed", async () => {
  const { client, clock, state } = setup();
  await client.getIdToken(A);
  clock.advance(86_400_000);
  await client.getIdToken(A);
  assertEquals(state.calls.length, 2);
});

Deno.test("getIdToken refuses a token that arrives at its end", async () => {
  for (const lifetime of [0, -60]) {
    const { client } = setup({ lifetime });
    const error = await assertRejects(() => client.getIdToken(A), IdTokenError, "clock");
    assertEquals((error as IdTokenError).code, "token_expired");
  }
});

Deno.test("getIdToken asks a source that keeps giving the same token only now and then", async () => {
  const clock = fakeClock();
  let calls = 0;
  const iat = Math.floor(clock.now() / 1000) - 3000;
  const held = jwt({ aud: A, iat, exp: iat + 3600 });
  using client = createIdTokenClient({ now: clock.now, source: () => (calls++, held) });
  for (let second = 0; second < 60; second++) {
    await client.getIdToken(A);
    await settle();
    clock.advance(1000);
  }
  assertEquals(calls, 2);
});

Deno.test("getIdToken tells a failing function from a faulty token", async () => {
  const fails = async (source: () => string | Promise<string>) => {
    using client = createIdTokenClient({ source });
    return (await assertRejects(() => client.getIdToken(A), IdTokenError)) as IdTokenError;
  };
  const cause = new Error("mine");
  const error = await fails(() => Promise.reject(cause));
  assertEquals([error.code, error.cause], ["source_failed", cause]);
  const exp = Date.now() / 1000 + 300;
  const faulty = [
    "",
    "a.b.c",
    jwt({ aud: A }),
    jwt({ aud: A, exp: "1" }),
    `${jwt({ aud: A, exp })} `,
  ];
  for (const token of faulty) assertEquals((await fails(() => token)).code, "invalid_token");
  for (const aud of [undefined, "https://b.example", [], `${A}/`, { [A]: 1 }]) {
    assertEquals((await fails(() => jwt({ aud, exp }))).code, "audience_unavailable");
  }
});

Deno.test("prefetch hides the request from the first caller and never tells of a failure", async () => {
  const { client, state } = setup();
  await client.prefetch(A);
  const waiting = client.prefetch("b");
  await client.getIdToken(A);
  await client.getIdToken("b");
  await waiting;
  assertEquals(state.calls, [A, "b"]);
  state.fail = true;
  await client.prefetch("c");
  assertEquals(state.calls, [A, "b", "c"]);
});

Deno.test("prefetch begins nothing for a caller whose signal has ended", async () => {
  const { client, state } = setup();
  state.fail = true;
  await client.prefetch(A, { signal: AbortSignal.abort() });
  await settle();
  assertEquals(state.calls, []);
});

Deno.test("disposing a client fails those who wait and those who come, and leaves nothing running", async () => {
  const { client } = setup({ source: () => new Promise<string>(() => {}) });
  const waiting = client.getIdToken(A);
  await settle();
  client[Symbol.dispose]();
  for (const asked of [waiting, client.getIdToken(A)]) {
    const error = await assertRejects(() => asked, IdTokenError);
    assertEquals((error as IdTokenError).code, "client_closed");
  }
  await client.prefetch(A);
});

Deno.test("createIdTokenClient reads nothing until it is used", () => {
  const read: string[] = [];
  const env = (name: string) => (read.push(name), undefined);
  using client = createIdTokenClient({ env });
  assertEquals(read, []);
  assertEquals(client.issuer, undefined);
  assertEquals(read, ["SIGNET_ISSUER"]);
});

Deno.test("createIdTokenClient looks again for a source after it found none", async () => {
  const values: Record<string, string> = {};
  const env = (name: string) => values[name];
  using client = createIdTokenClient({ env, runtime: emptyRuntime() });
  const error = await assertRejects(() => client.getIdToken(A), IdTokenError, "SIGNET_ISSUER");
  assertEquals((error as IdTokenError).code, "no_source");
  values.SIGNET_ID_TOKEN = jwt({ aud: A, exp: Date.now() / 1000 + 300 });
  assertEquals(await client.getIdToken(A), values.SIGNET_ID_TOKEN);
});

Deno.test("createIdTokenClient takes the source that is named, by option or SIGNET_SOURCE", async () => {
  const token = jwt({ aud: A, exp: Date.now() / 1000 + 300 });
  const values = { GITHUB_ACTIONS: "true", GITLAB_CI: "true", SIGNET_ID_TOKEN: token };
  const forced = envOf({ ...values, SIGNET_SOURCE: "variable" });
  using byEnv = createIdTokenClient({ env: forced, runtime: emptyRuntime() });
  using byOption = createIdTokenClient({ env: envOf(values), source: "variable" });
  assertEquals([await byEnv.getIdToken(A), await byOption.getIdToken(A)], [token, token]);
  using unknown = createIdTokenClient({ env: envOf({ SIGNET_SOURCE: "nope" }) });
  const error = await assertRejects(() => unknown.getIdToken(A), IdTokenError, '"nope"');
  assert((error as Error).message.includes("github-actions, azure-devops"));
});

Deno.test("createIdTokenClient prefers a complete platform to an incomplete one, else names what lacks", async () => {
  const token = jwt({ aud: A, exp: Date.now() / 1000 + 300 });
  const env = envOf({ GITHUB_ACTIONS: "true", SIGNET_ID_TOKEN: token, SIGNET_ISSUER: "" });
  using client = createIdTokenClient({ env, runtime: emptyRuntime() });
  assertEquals(await client.getIdToken(A), token);
});

Deno.test("no timer of a background refresh keeps the process alive", async () => {
  const program = `
    import { createIdTokenClient } from "${new URL("../../mod.ts", import.meta.url)}";
    let now = 1.8e12, calls = 0;
    const encode = (value) => btoa(JSON.stringify(value)).replaceAll("=", "");
    const source = (aud) => calls++ > 0 ? new Promise(() => {})
      : encode({}) + "." + encode({ aud, iat: now / 1000, exp: now / 1000 + 300 }) + ".";
    const client = createIdTokenClient({ source, now: () => now, timeoutMs: 600_000 });
    await client.getIdToken("aud");
    now += 260_000;
    await client.getIdToken("aud");
    await new Promise((done) => setTimeout(done, 10));
    console.log(calls);`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    signal: AbortSignal.timeout(30_000),
  }).output();
  assertEquals([code, new TextDecoder().decode(stdout).trim()], [0, "2"]);
});

Deno.test("no deadline of a request that was disposed of keeps the process alive", async () => {
  const program = `
    import { createIdTokenClient } from "${new URL("../../mod.ts", import.meta.url)}";
    const client = createIdTokenClient({ source: () => new Promise(() => {}), timeoutMs: 600_000 });
    const waiting = client.getIdToken("aud").catch((error) => error.code);
    await new Promise((done) => setTimeout(done, 10));
    client[Symbol.dispose]();
    console.log(await waiting);`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    signal: AbortSignal.timeout(30_000),
  }).output();
  assertEquals([code, new TextDecoder().decode(stdout).trim()], [0, "client_closed"]);
});

Deno.test("a caller that waits keeps the process alive until its timeout tells it", async () => {
  const program = `
    import { createIdTokenClient } from "${new URL("../../mod.ts", import.meta.url)}";
    const sleep = () => Promise.resolve();
    const client = createIdTokenClient({ source: () => new Promise(() => {}), timeoutMs: 5, sleep });
    console.log(await client.getIdToken("aud").catch((error) => error.code));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", program] }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "timeout");
});

Deno.test("createIdTokenClient refuses a deadline or a cache that is out of bounds", () => {
  for (const timeoutMs of [0, -1, NaN, Infinity, 2 ** 31, "5s" as never]) {
    assertThrows(() => createIdTokenClient({ timeoutMs }), TypeError, "timeoutMs");
  }
  for (const cacheSize of [0, NaN, 2 ** 24 + 1]) {
    assertThrows(() => createIdTokenClient({ cacheSize }), TypeError, "cacheSize");
  }
});
